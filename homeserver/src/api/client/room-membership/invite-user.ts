// POST /_matrix/client/v3/rooms/{roomId}/invite
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidinvite
import { endpoint, z } from '#http/endpoint.ts'
import { MatrixError, missingParam } from '#matrix/errors.ts'
import { roomId, userId } from '#matrix/ids.ts'

export const inviteUser = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/invite',
  auth: 'user',
  rateLimit: 'invite',
  params: z.object({ roomId }),
  body: z.object({
    user_id: userId.optional(),
    reason: z.string().optional(),
    // the form of the operation that invites by e-mail address or telephone number
    medium: z.string().optional(),
    address: z.string().optional(),
  }),
  async handler({ params, body, requester, ctx }) {
    if (body.user_id === undefined) {
      if (body.medium === undefined && body.address === undefined) throw missingParam('user_id')
      throw new MatrixError(403, 'M_SERVER_NOT_TRUSTED', 'This server trusts no identity server.')
    }
    await ctx.membership.invite(requester, params.roomId, body.user_id, body.reason)
    return {}
  },
})
