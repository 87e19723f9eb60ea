// PUT /_matrix/client/v3/directory/room/{roomAlias}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3directoryroomroomalias
import { endpoint, z } from '#http/endpoint.ts'
import { roomAlias, roomId } from '#matrix/ids.ts'

export const setRoomAlias = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/directory/room/:roomAlias',
  auth: 'user',
  params: z.object({ roomAlias: roomAlias }),
  body: z.object({ room_id: roomId }),
  async handler({ params, body, requester, ctx }) {
    await ctx.aliases.add(requester, params.roomAlias, body.room_id)
    return {}
  },
})
