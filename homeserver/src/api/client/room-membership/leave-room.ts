// POST /_matrix/client/v3/rooms/{roomId}/leave
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidleave
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const leaveRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/leave',
  auth: 'user',
  rateLimit: 'default',
  guests: true,
  whileSuspended: true,
  params: z.object({ roomId }),
  body: z.object({ reason: z.string().optional() }),
  optionalBody: true,
  async handler({ params, body, requester, ctx }) {
    await ctx.membership.leave(requester, params.roomId, body.reason)
    return {}
  },
})
