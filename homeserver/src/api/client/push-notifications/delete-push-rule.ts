// DELETE /_matrix/client/v3/pushrules/global/{kind}/{ruleId}
// https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3pushrulesglobalkindruleid
import { endpoint } from '#http/endpoint.ts'
import { anyRule, userOf } from './rule-params.ts'

export const deletePushRule = endpoint({
  method: 'DELETE',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId',
  auth: 'user',
  whileSuspended: true,
  params: anyRule,
  async handler({ params, requester, ctx }) {
    await ctx.pushRules.delete(userOf(requester), params.kind, params.ruleId)
    return {}
  },
})
