// GET /_matrix/client/v3/initialSync
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3initialsync
import { endpoint, queryBoolean, queryInt, RawJson, z } from '#http/endpoint.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

export const initialSync = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/initialSync',
  auth: 'user',
  query: z.object({
    limit: queryInt.pipe(z.int().min(0)).optional(),
    archived: queryBoolean.optional(),
  }),
  async handler({ query, requester, ctx, signal }) {
    const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT)
    const request = { limit, archived: query.archived ?? false }
    return new RawJson(await ctx.initialSync.all(requester, request, signal))
  },
})
