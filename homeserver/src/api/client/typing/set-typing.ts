// PUT /_matrix/client/v3/rooms/{roomId}/typing/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidtypinguserid
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { roomId, userId } from '#matrix/ids.ts'

export const setTyping = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/rooms/:roomId/typing/:userId',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId, userId }),
  body: z.object({ typing: z.boolean(), timeout: z.int().min(0).optional() }),
  async handler({ params, body, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('You cannot set typing for others.')
    const room = await ctx.joinedRoom.require(requester.user, params.roomId)
    const user = { key: requester.user, userId: requester.userId }
    if (body.typing) ctx.typing.start(room.key, user, body.timeout)
    else ctx.typing.stop(room.key, user)
    return {}
  },
})
