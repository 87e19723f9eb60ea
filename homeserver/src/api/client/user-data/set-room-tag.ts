// PUT /_matrix/client/v3/user/{userId}/rooms/{roomId}/tags/{tag}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridroomsroomidtagstag
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden, notFound } from '#matrix/errors.ts'
import { tagOfRoom } from './tag-params.ts'

export const setRoomTag = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/user/:userId/rooms/:roomId/tags/:tag',
  auth: 'user',
  whileSuspended: true,
  params: tagOfRoom,
  body: z.object({ order: z.number().min(0).max(1).optional() }),
  async handler({ params, source, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot set tags of others.')
    const room = await ctx.dictionary.room(params.roomId)
    if (room === undefined) throw notFound('This room is not known here.')
    await ctx.tags.set(requester.user, room.key, params.tag, source)
    return {}
  },
})
