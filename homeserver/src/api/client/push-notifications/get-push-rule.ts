// GET /_matrix/client/v3/pushrules/global/{kind}/{ruleId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleid
import { endpoint } from '#http/endpoint.ts'
import { anyRule, userOf } from './rule-params.ts'

export const getPushRule = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId',
  auth: 'user',
  params: anyRule,
  async handler({ params, requester, ctx }) {
    return await ctx.pushRules.rule(userOf(requester), params.kind, params.ruleId)
  },
})
