// GET /_matrix/client/v1/room_summary/{roomIdOrAlias}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1room_summaryroomidoralias
import { endpoint, queryList, z } from '#http/endpoint.ts'
import { roomAlias, roomId } from '#matrix/ids.ts'

export const getRoomSummary = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/room_summary/:roomIdOrAlias',
  auth: 'optional',
  params: z.object({ roomIdOrAlias: z.union([roomId, roomAlias]) }),
  // servers to ask for a room that this one does not know
  query: z.object({ via: queryList.optional() }),
  async handler({ params, requester, ctx }) {
    const room = await ctx.membership.resolve(params.roomIdOrAlias)
    return await ctx.spaces.summary(requester, room)
  },
})
