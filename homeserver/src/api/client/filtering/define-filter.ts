// POST /_matrix/client/v3/user/{userId}/filter
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3useruseridfilter
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'
import { filterSchema } from '#services/filters/index.ts'

export const defineFilter = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/user/:userId/filter',
  auth: 'user',
  whileSuspended: true,
  params: z.object({ userId }),
  body: filterSchema,
  maxBodyBytes: 64 * 1024,
  async handler({ params, source, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('You cannot store filters of others.')
    return { filter_id: await ctx.filters.add(requester.user, source) }
  },
})
