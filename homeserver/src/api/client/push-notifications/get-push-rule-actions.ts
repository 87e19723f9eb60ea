// GET /_matrix/client/v3/pushrules/global/{kind}/{ruleId}/actions
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleidactions
import { endpoint, z } from '#http/endpoint.ts'

export const getPushRuleActions = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId/actions',
  auth: 'user',
  params: z.object({ kind: z.string(), ruleId: z.string() }),
  async handler({ params, requester, ctx }) {
    const rule = ctx.pushRules.rule(requester.userId, params.kind, params.ruleId)
    return { actions: rule.actions }
  },
})
