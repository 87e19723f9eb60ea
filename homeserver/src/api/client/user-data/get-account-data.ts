// GET /_matrix/client/v3/user/{userId}/account_data/{type}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridaccount_datatype
import { endpoint, RawJson, storableText, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const getAccountData = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/user/:userId/account_data/:type',
  auth: 'user',
  params: z.object({ userId, type: storableText }),
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot read account data of others.')
    const owner = { key: requester.user, userId: requester.userId }
    return new RawJson(await ctx.accountData.get(owner, undefined, params.type))
  },
})
