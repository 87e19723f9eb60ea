// GET /_matrix/client/v3/pushrules/global/{kind}/{ruleId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleid
import { endpoint, z } from '#http/endpoint.ts'

export const getPushRule = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId',
  auth: 'user',
  params: z.object({ kind: z.string(), ruleId: z.string() }),
  async handler({ params, requester, ctx }) {
    return ctx.pushRules.rule(requester.userId, params.kind, params.ruleId)
  },
})
