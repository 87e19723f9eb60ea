// POST /_matrix/client/v3/rooms/{roomId}/join
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidjoin
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'
import { joinBody, joinOptions } from './join-body.ts'

export const joinRoomById = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/join',
  auth: 'user',
  rateLimit: 'join',
  guests: true,
  params: z.object({ roomId }),
  body: joinBody,
  optionalBody: true,
  async handler({ params, body, source, request, requester, ctx }) {
    const { roomId: room } = params
    const options = joinOptions(body, { source, rawBody: request.rawBody })
    const joined = await ctx.guests.joining(requester, room, () =>
      ctx.membership.join(requester, room, options),
    )
    return { room_id: joined }
  },
})
