// DELETE /_matrix/client/v3/directory/room/{roomAlias}
// https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3directoryroomroomalias
import { endpoint, z } from '#http/endpoint.ts'
import { roomAlias } from '#matrix/ids.ts'

export const deleteRoomAlias = endpoint({
  method: 'DELETE',
  path: '/_matrix/client/v3/directory/room/:roomAlias',
  auth: 'user',
  params: z.object({ roomAlias }),
  async handler({ params, requester, ctx }) {
    await ctx.aliases.remove(requester, params.roomAlias)
    return {}
  },
})
