// GET /_matrix/client/v3/rooms/{roomId}/messages
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmessages
import { endpoint, queryInt, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'
import type { MessagesPage } from '#services/timeline/index.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 1000

export const getRoomEvents = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/messages',
  auth: 'user',
  guests: true,
  params: z.object({ roomId }),
  query: z.object({
    from: z.string().optional(),
    to: z.string().optional(),
    // required, which is said only to those who may read the room
    dir: z.enum(['b', 'f']).optional(),
    limit: queryInt.pipe(z.int().min(1)).optional(),
    filter: z.string().optional(),
  }),
  async handler({ params, query, requester, ctx }) {
    const { filter: json = '{}', limit, from, ...range } = query
    const filter = ctx.filters.parseRoomEventFilter(json)
    const page = await ctx.timeline.messages(requester, params.roomId, {
      ...range,
      // matrix-nio sends an empty one to begin at the end
      from: from === '' ? undefined : from,
      filter,
      limit: Math.min(limit ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
    })
    return new RawJson(pageJson(page))
  },
})

function pageJson({ start, end, chunk, state }: MessagesPage): string {
  const parts = [`"start":${JSON.stringify(start)}`, `"chunk":[${chunk.join(',')}]`]
  if (end !== undefined) parts.push(`"end":${JSON.stringify(end)}`)
  if (state !== undefined) parts.push(`"state":[${state.join(',')}]`)
  return `{${parts.join(',')}}`
}
