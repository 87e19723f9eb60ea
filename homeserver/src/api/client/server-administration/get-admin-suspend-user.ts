// GET /_matrix/client/v1/admin/suspend/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1adminsuspenduserid
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const getAdminSuspendUser = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/admin/suspend/:userId',
  auth: 'user',
  params: z.object({ userId }),
  async handler({ params, requester, ctx }) {
    const { suspended } = await ctx.moderation.restrictions.of(requester, params.userId)
    return { suspended }
  },
})
