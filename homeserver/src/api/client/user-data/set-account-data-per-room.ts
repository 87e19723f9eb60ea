// PUT /_matrix/client/v3/user/{userId}/rooms/{roomId}/account_data/{type}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridroomsroomidaccount_datatype
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { forbidden, notFound } from '#matrix/errors.ts'
import { roomId, userId } from '#matrix/ids.ts'

export const setAccountDataPerRoom = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/user/:userId/rooms/:roomId/account_data/:type',
  auth: 'user',
  whileSuspended: true,
  params: z.object({ userId, roomId, type: storableText }),
  body: jsonObject,
  async handler({ params, body, requester, request, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot set account data of others.')
    const room = await ctx.dictionary.room(params.roomId)
    if (room === undefined) throw notFound('This room is not known here.')
    // the text itself, so that no number or key is changed by parsing
    const content = Object.keys(body).length === 0 ? '{}' : request.rawBody
    await ctx.accountData.putByClient(requester.user, room.key, params.type, content)
    return {}
  },
})
