// GET /_matrix/client/v1/rooms/{roomId}/timestamp_to_event
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidtimestamp_to_event
import { endpoint, queryInt, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const getEventByTimestamp = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/rooms/:roomId/timestamp_to_event',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId }),
  query: z.object({ ts: queryInt, dir: z.enum(['f', 'b']) }),
  async handler({ params, query, requester, ctx }) {
    const { eventId, ts } = await ctx.timeline.eventByTime(requester, params.roomId, query)
    return { event_id: eventId, origin_server_ts: ts }
  },
})
