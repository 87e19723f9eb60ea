// GET /_matrix/client/v3/pushrules/global/{kind}/{ruleId}/actions
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleidactions
import { endpoint } from '#http/endpoint.ts'
import { anyRule, userOf } from './rule-params.ts'

export const getPushRuleActions = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId/actions',
  auth: 'user',
  params: anyRule,
  async handler({ params, requester, ctx }) {
    const rule = await ctx.pushRules.rule(userOf(requester), params.kind, params.ruleId)
    return { actions: rule.actions }
  },
})
