// GET /_matrix/client/v3/pushrules/
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushrules
import { endpoint } from '#http/endpoint.ts'
import { userOf } from './rule-params.ts'

export const getPushRules = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/pushrules/',
  auth: 'user',
  async handler({ requester, ctx }) {
    return { global: await ctx.pushRules.rulesOf(userOf(requester)) }
  },
})
