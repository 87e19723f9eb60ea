// PUT /_matrix/client/v3/directory/list/room/{roomId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3directorylistroomroomid
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const setRoomVisibilityOnDirectory = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/directory/list/room/:roomId',
  auth: 'user',
  params: z.object({ roomId }),
  body: z.object({ visibility: z.enum(['private', 'public']).default('public') }),
  async handler({ params, body, requester, ctx }) {
    await ctx.aliases.publish(requester, params.roomId, body.visibility === 'public')
    return {}
  },
})
