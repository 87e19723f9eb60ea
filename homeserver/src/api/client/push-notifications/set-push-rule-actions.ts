// PUT /_matrix/client/v3/pushrules/global/{kind}/{ruleId}/actions
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3pushrulesglobalkindruleidactions
import { endpoint, z } from '#http/endpoint.ts'
import { actionList, anyRule, userOf } from './rule-params.ts'

export const setPushRuleActions = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/pushrules/global/:kind/:ruleId/actions',
  auth: 'user',
  whileSuspended: true,
  params: anyRule,
  body: z.object({ actions: actionList }),
  maxBodyBytes: 64 * 1024,
  async handler({ params, body, requester, ctx }) {
    const { kind, ruleId } = params
    await ctx.pushRules.setActions(userOf(requester), kind, ruleId, body.actions)
    return {}
  },
})
