// GET /_matrix/client/v3/user/{userId}/rooms/{roomId}/account_data/{type}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridroomsroomidaccount_datatype
import { endpoint, RawJson, storableText, z } from '#http/endpoint.ts'
import { forbidden, notFound } from '#matrix/errors.ts'
import { roomId, userId } from '#matrix/ids.ts'

export const getAccountDataPerRoom = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/user/:userId/rooms/:roomId/account_data/:type',
  auth: 'user',
  params: z.object({ userId, roomId, type: storableText }),
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot read account data of others.')
    const room = await ctx.dictionary.room(params.roomId)
    if (room === undefined) throw notFound('Room account data not found.')
    const owner = { key: requester.user, userId: requester.userId }
    return new RawJson(await ctx.accountData.get(owner, room.key, params.type))
  },
})
