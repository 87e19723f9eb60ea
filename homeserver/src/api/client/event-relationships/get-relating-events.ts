// GET /_matrix/client/v1/rooms/{roomId}/relations/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidrelationseventid
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'
import { relatingJson, relatingRequest, relationsQuery } from './relations-query.ts'

export const getRelatingEvents = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/rooms/:roomId/relations/:eventId',
  auth: 'user',
  params: z.object({ roomId, eventId }),
  query: relationsQuery,
  async handler({ params, query, requester, ctx }) {
    const request = relatingRequest(query)
    const { roomId: room, eventId: event } = params
    return new RawJson(relatingJson(await ctx.relations.relating(requester, room, event, request)))
  },
})
