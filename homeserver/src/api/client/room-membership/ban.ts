// POST /_matrix/client/v3/rooms/{roomId}/ban
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidban
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'
import { removalBody } from './removal-body.ts'

export const ban = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/ban',
  auth: 'user',
  params: z.object({ roomId }),
  body: removalBody,
  async handler({ params, body, requester, ctx }) {
    await ctx.membership.ban(requester, params.roomId, body.user_id, body.reason)
    return {}
  },
})
