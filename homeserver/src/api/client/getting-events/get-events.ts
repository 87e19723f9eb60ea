// GET /_matrix/client/v3/events, with and without `room_id` (peekEvents, getEvents)
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3events
import { endpoint, queryInt, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

/** For who does not say how long: without, such clients would ask without end. */
const DEFAULT_TIMEOUT_MS = 30_000

export const getEvents = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/events',
  auth: 'user',
  guests: true,
  query: z.object({
    from: z.string().optional(),
    timeout: queryInt.pipe(z.int().min(0)).optional(),
    room_id: roomId.optional(),
  }),
  async handler({ query, requester, ctx, signal }) {
    const { from, timeout = DEFAULT_TIMEOUT_MS, room_id } = query
    const confirm = () => ctx.sessions.confirm(requester)
    const page = await ctx.eventStream.next(
      requester,
      { from, timeout, roomId: room_id, confirm },
      signal,
    )
    const tokens = JSON.stringify({ start: page.start, end: page.end })
    return new RawJson(`${tokens.slice(0, -1)},"chunk":[${page.chunk.join(',')}]}`)
  },
})
