// PUT /_matrix/client/v3/pushrules/global/{kind}/{ruleId}/enabled
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidenabled
import { endpoint, z } from '#http/endpoint.ts'
import { anyRule, userOf } from './rule-params.ts'

export const setPushRuleEnabled = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId/enabled',
  auth: 'user',
  whileSuspended: true,
  params: anyRule,
  body: z.object({ enabled: z.boolean() }),
  async handler({ params, body, requester, ctx }) {
    const { kind, ruleId } = params
    await ctx.pushRules.setEnabled(userOf(requester), kind, ruleId, body.enabled)
    return {}
  },
})
