// PUT /_matrix/client/v3/user/{userId}/account_data/{type}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridaccount_datatype
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const setAccountData = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/user/:userId/account_data/:type',
  auth: 'user',
  whileSuspended: true,
  params: z.object({ userId, type: storableText }),
  body: jsonObject,
  async handler({ params, body, requester, request, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot set account data of others.')
    // the text itself, so that no number or key is changed by parsing
    const content = Object.keys(body).length === 0 ? '{}' : request.rawBody
    await ctx.accountData.putByClient(requester.user, undefined, params.type, content)
    return {}
  },
})
