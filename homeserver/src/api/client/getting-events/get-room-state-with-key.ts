// GET /_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstateeventtypestatekey
import { endpoint, RawJson, storableText, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const getRoomStateWithKey = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/state/:eventType{/:stateKey}',
  auth: 'user',
  guests: true,
  params: z.object({ roomId, eventType: storableText, stateKey: storableText }),
  query: z.object({ format: z.enum(['content', 'event']).default('content') }),
  async handler({ params, query, requester, ctx }) {
    const key = [params.roomId, params.eventType, params.stateKey] as const
    return new RawJson(
      query.format === 'event'
        ? await ctx.timeline.stateEvent(requester, ...key)
        : await ctx.timeline.stateContent(requester, ...key),
    )
  },
})
