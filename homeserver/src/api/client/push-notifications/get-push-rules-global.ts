// GET /_matrix/client/v3/pushrules/global/
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrulesglobal
import { endpoint } from '#http/endpoint.ts'
import { userOf } from './rule-params.ts'

export const getPushRulesGlobal = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/global/',
  auth: 'user',
  async handler({ requester, ctx }) {
    return await ctx.pushRules.rulesOf(userOf(requester))
  },
})
