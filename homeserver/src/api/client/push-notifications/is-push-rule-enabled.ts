// GET /_matrix/client/v3/pushrules/global/{kind}/{ruleId}/enabled
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobalkindruleidenabled
import { endpoint } from '#http/endpoint.ts'
import { anyRule, userOf } from './rule-params.ts'

export const isPushRuleEnabled = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId/enabled',
  auth: 'user',
  params: anyRule,
  async handler({ params, requester, ctx }) {
    const rule = await ctx.pushRules.rule(userOf(requester), params.kind, params.ruleId)
    return { enabled: rule.enabled }
  },
})
