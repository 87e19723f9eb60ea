// GET /_matrix/client/v3/profile/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuserid
import { endpoint, z } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const getUserProfile = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/profile/:userId',
  auth: 'none',
  params: z.object({ userId }),
  async handler({ params, ctx }) {
    const fields = await ctx.profiles.fields(params.userId)
    if (fields === undefined) throw notFound('There is no such user here.')
    return fields
  },
})
