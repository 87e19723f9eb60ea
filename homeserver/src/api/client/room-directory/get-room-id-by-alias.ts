// GET /_matrix/client/v3/directory/room/{roomAlias}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3directoryroomroomalias
import { endpoint, z } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'
import { roomAlias } from '#matrix/ids.ts'

export const getRoomIdByAlias = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/directory/room/:roomAlias',
  auth: 'none',
  params: z.object({ roomAlias }),
  async handler({ params, ctx }) {
    const roomId = await ctx.directory.resolve(params.roomAlias)
    if (roomId === undefined) throw notFound(`Room alias ${params.roomAlias} not found.`)
    // without federation no other server takes part in a room
    return { room_id: roomId, servers: [ctx.serverName] }
  },
})
