// GET /_matrix/client/v1/rooms/{roomId}/hierarchy
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidhierarchy
import { endpoint, queryBoolean, queryInt, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 100

export const getSpaceHierarchy = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/rooms/:roomId/hierarchy',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId }),
  query: z.object({
    suggested_only: queryBoolean.optional(),
    limit: queryInt.pipe(z.int().min(1)).optional(),
    max_depth: queryInt.pipe(z.int().min(0)).optional(),
    from: z.string().optional(),
  }),
  async handler({ params, query, requester, ctx }) {
    return await ctx.spaces.hierarchy(requester, params.roomId, {
      limit: Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
      maxDepth: query.max_depth,
      suggestedOnly: query.suggested_only,
      from: query.from,
    })
  },
})
