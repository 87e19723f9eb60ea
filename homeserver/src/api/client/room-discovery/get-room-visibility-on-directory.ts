// GET /_matrix/client/v3/directory/list/room/{roomId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3directorylistroomroomid
import { endpoint, z } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'
import { roomId } from '#matrix/ids.ts'

export const getRoomVisibilityOnDirectory = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/directory/list/room/:roomId',
  auth: 'none',
  params: z.object({ roomId }),
  async handler({ params, ctx }) {
    if ((await ctx.dictionary.room(params.roomId)) === undefined) {
      throw notFound('This server does not know the room.')
    }
    const published = await ctx.directory.isPublished(params.roomId)
    return { visibility: published ? 'public' : 'private' }
  },
})
