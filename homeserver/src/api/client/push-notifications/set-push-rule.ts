// PUT /_matrix/client/v3/pushrules/global/{kind}/{ruleId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleid
import { endpoint, z } from '#http/endpoint.ts'
import { missingParam } from '#matrix/errors.ts'
import { actionList, condition, ownRule, userOf } from './rule-params.ts'

export const setPushRule = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  params: ownRule,
  query: z.object({ before: z.string().optional(), after: z.string().optional() }),
  body: z.object({
    actions: actionList,
    conditions: z.array(condition).optional(),
    pattern: z.string().optional(),
  }),
  maxBodyBytes: 64 * 1024,
  async handler({ params, query, body, requester, ctx }) {
    if (params.kind === 'content' && body.pattern === undefined) throw missingParam('pattern')
    await ctx.pushRules.put(userOf(requester), params.kind, params.ruleId, body, query)
    return {}
  },
})
