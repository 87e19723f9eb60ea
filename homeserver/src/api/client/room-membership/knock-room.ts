// POST /_matrix/client/v3/knock/{roomIdOrAlias}
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3knockroomidoralias
import { endpoint, queryList, z } from '#http/endpoint.ts'
import { roomAlias, roomId } from '#matrix/ids.ts'

export const knockRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/knock/:roomIdOrAlias',
  auth: 'user',
  rateLimit: 'join',
  params: z.object({ roomIdOrAlias: z.union([roomId, roomAlias]) }),
  // servers to knock through; the rooms that this server can knock at are its own
  query: z.object({ via: queryList.optional(), server_name: queryList.optional() }),
  body: z.object({ reason: z.string().optional() }),
  optionalBody: true,
  async handler({ params, body, requester, ctx }) {
    const room = await ctx.membership.resolve(params.roomIdOrAlias)
    return { room_id: await ctx.membership.knock(requester, room, body.reason) }
  },
})
