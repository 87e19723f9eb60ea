// POST /_matrix/client/v3/rooms/{roomId}/forget
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidforget
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const forgetRoom = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/forget',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  params: z.object({ roomId }),
  async handler({ params, requester, ctx }) {
    await ctx.membership.forget(requester, params.roomId)
    return {}
  },
})
