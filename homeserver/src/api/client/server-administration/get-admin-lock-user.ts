// GET /_matrix/client/v1/admin/lock/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1adminlockuserid
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const getAdminLockUser = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/admin/lock/:userId',
  auth: 'user',
  params: z.object({ userId }),
  async handler({ params, requester, ctx }) {
    const { locked } = await ctx.moderation.restrictions.of(requester, params.userId)
    return { locked }
  },
})
