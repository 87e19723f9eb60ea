// GET /_matrix/client/v3/rooms/{roomId}/members
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmembers
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

const membership = z.enum(['join', 'invite', 'knock', 'leave', 'ban']).optional()

export const getMembersByRoom = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/members',
  auth: 'user',
  guests: true,
  params: z.object({ roomId }),
  query: z.object({ at: z.string().optional(), membership, not_membership: membership }),
  async handler({ params, query, requester, ctx }) {
    const events = await ctx.timeline.members(requester, params.roomId, {
      at: query.at,
      membership: query.membership,
      notMembership: query.not_membership,
    })
    return new RawJson(`{"chunk":[${events.join(',')}]}`)
  },
})
