// GET /_matrix/client/v3/rooms/{roomId}/context/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidcontexteventid
import { endpoint, queryInt, RawJson, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'
import type { EventContext } from '#services/timeline/index.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

export const getEventContext = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/context/:eventId',
  auth: 'user',
  guests: true,
  params: z.object({ roomId, eventId }),
  query: z.object({
    limit: queryInt.pipe(z.int().min(0)).optional(),
    filter: z.string().optional(),
  }),
  async handler({ params, query, requester, ctx }) {
    const filter = ctx.filters.parseRoomEventFilter(query.filter ?? '{}')
    const limit = Math.min(query.limit ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT)
    const { roomId: room, eventId: event } = params
    return new RawJson(
      contextJson(await ctx.timeline.context(requester, room, event, { limit, filter })),
    )
  },
})

function contextJson(context: EventContext): string {
  const { start, end, eventsBefore, event, eventsAfter, state } = context
  return (
    `{"start":${JSON.stringify(start)},"end":${JSON.stringify(end)},` +
    `"events_before":[${eventsBefore.join(',')}],"event":${event},` +
    `"events_after":[${eventsAfter.join(',')}],"state":[${state.join(',')}]}`
  )
}
