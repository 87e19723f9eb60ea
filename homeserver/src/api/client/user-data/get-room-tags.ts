// GET /_matrix/client/v3/user/{userId}/rooms/{roomId}/tags
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridroomsroomidtags
import { endpoint } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { tagsOfRoom } from './tag-params.ts'

export const getRoomTags = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/user/:userId/rooms/:roomId/tags',
  auth: 'user',
  params: tagsOfRoom,
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('Cannot read tags of others.')
    const room = await ctx.dictionary.room(params.roomId)
    return { tags: room === undefined ? {} : await ctx.tags.of(requester.user, room.key) }
  },
})
