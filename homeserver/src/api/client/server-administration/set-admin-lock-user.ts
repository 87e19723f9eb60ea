// PUT /_matrix/client/v1/admin/lock/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv1adminlockuserid
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const setAdminLockUser = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v1/admin/lock/:userId',
  auth: 'user',
  params: z.object({ userId }),
  body: z.object({ locked: z.boolean() }),
  async handler({ params, body, requester, ctx }) {
    const { locked } = body
    await ctx.moderation.restrictions.set(requester, params.userId, { locked })
    return { locked }
  },
})
