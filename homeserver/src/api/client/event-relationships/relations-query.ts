import { queryBoolean, queryInt, z } from '#http/endpoint.ts'
import type { RelatingPage, RelatingRequest } from '#services/relations/index.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

const dir = z.enum(['b', 'f'])

/** The query parameters of all three forms of `/relations`, with their names before they were stable. */
export const relationsQuery = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  limit: queryInt.pipe(z.int().min(1)).optional(),
  dir: dir.optional(),
  'org.matrix.msc3715.dir': dir.optional(),
  recurse: queryBoolean.optional(),
  'org.matrix.msc3981.recurse': queryBoolean.optional(),
})

/** What a request asks for. */
export function relatingRequest(query: z.output<typeof relationsQuery>): RelatingRequest {
  return {
    from: query.from,
    to: query.to,
    limit: Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
    dir: query.dir ?? query['org.matrix.msc3715.dir'] ?? 'b',
    recurse: query.recurse ?? query['org.matrix.msc3981.recurse'],
  }
}

/** The response as JSON text. */
export function relatingJson(page: RelatingPage): string {
  const { chunk, nextBatch, prevBatch, recursionDepth } = page
  const rest = JSON.stringify({
    next_batch: nextBatch,
    prev_batch: prevBatch,
    recursion_depth: recursionDepth,
  })
  return `{"chunk":[${chunk.join(',')}]${rest === '{}' ? '}' : `,${rest.slice(1)}`}`
}
