// PUT /_matrix/client/v1/admin/suspend/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv1adminsuspenduserid
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const setAdminSuspendUser = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v1/admin/suspend/:userId',
  auth: 'user',
  params: z.object({ userId }),
  body: z.object({ suspended: z.boolean() }),
  async handler({ params, body, requester, ctx }) {
    const { suspended } = body
    await ctx.moderation.restrictions.set(requester, params.userId, { suspended })
    return { suspended }
  },
})
