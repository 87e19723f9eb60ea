// POST /_matrix/client/v3/join/{roomIdOrAlias}
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3joinroomidoralias
import { endpoint, queryList, z } from '#http/endpoint.ts'
import { roomAlias, roomId } from '#matrix/ids.ts'
import { joinBody, joinOptions } from './join-body.ts'

export const joinRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/join/:roomIdOrAlias',
  auth: 'user',
  rateLimit: 'join',
  // not in the specification's list, but libraries join by this path, and it is no other join
  guests: true,
  params: z.object({ roomIdOrAlias: z.union([roomId, roomAlias]) }),
  // servers to join through; the rooms that this server can join are its own
  query: z.object({ via: queryList.optional(), server_name: queryList.optional() }),
  body: joinBody,
  optionalBody: true,
  async handler({ params, body, source, request, requester, ctx }) {
    const room = await ctx.membership.resolve(params.roomIdOrAlias)
    const options = joinOptions(body, { source, rawBody: request.rawBody })
    const joined = await ctx.guests.joining(requester, room, () =>
      ctx.membership.join(requester, room, options),
    )
    return { room_id: joined }
  },
})
