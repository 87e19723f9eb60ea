// DELETE /_matrix/client/v3/user/{userId}/rooms/{roomId}/tags/{tag}
// https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3useruseridroomsroomidtagstag
import { endpoint } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { tagOfRoom } from './tag-params.ts'

export const deleteRoomTag = endpoint({
  method: 'DELETE',
  path: '/_matrix/client/v3/user/:userId/rooms/:roomId/tags/:tag',
  auth: 'user',
  whileSuspended: true,
  params: tagOfRoom,
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot delete tags of others.')
    const room = await ctx.dictionary.room(params.roomId)
    if (room !== undefined) await ctx.tags.delete(requester.user, room.key, params.tag)
    return {}
  },
})
