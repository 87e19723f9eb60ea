// GET /_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidrelationseventidreltype
import { endpoint, RawJson, storableText, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'
import { relatingJson, relatingRequest, relationsQuery } from './relations-query.ts'

export const getRelatingEventsWithRelType = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/rooms/:roomId/relations/:eventId/:relType',
  auth: 'user',
  params: z.object({ roomId, eventId, relType: storableText }),
  query: relationsQuery,
  async handler({ params, query, requester, ctx }) {
    const { roomId: room, eventId: event, relType } = params
    const request = { ...relatingRequest(query), relType }
    return new RawJson(relatingJson(await ctx.relations.relating(requester, room, event, request)))
  },
})
