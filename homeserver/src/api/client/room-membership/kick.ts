// POST /_matrix/client/v3/rooms/{roomId}/kick
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidkick
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'
import { removalBody } from './removal-body.ts'

export const kick = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/kick',
  auth: 'user',
  params: z.object({ roomId }),
  body: removalBody,
  async handler({ params, body, requester, ctx }) {
    await ctx.membership.kick(requester, params.roomId, body.user_id, body.reason)
    return {}
  },
})
