// GET /_matrix/client/v1/rooms/{roomId}/threads
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidthreads
import { endpoint, queryInt, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

export const getThreadRoots = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/rooms/:roomId/threads',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId }),
  query: z.object({
    include: z.enum(['all', 'participated']).optional(),
    limit: queryInt.pipe(z.int().min(1)).optional(),
    from: z.string().optional(),
  }),
  async handler({ params, query, requester, ctx }) {
    const { chunk, nextBatch } = await ctx.relations.threads(requester, params.roomId, {
      include: query.include ?? 'all',
      limit: Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
      from: query.from,
    })
    const next = nextBatch === undefined ? '' : `,"next_batch":${JSON.stringify(nextBatch)}`
    return new RawJson(`{"chunk":[${chunk.join(',')}]${next}}`)
  },
})
