// GET /_matrix/client/v3/rooms/{roomId}/event/{eventId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomideventeventid
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'

export const getOneRoomEvent = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/event/:eventId',
  auth: 'user',
  guests: true,
  params: z.object({ roomId, eventId }),
  async handler({ params, requester, ctx }) {
    return new RawJson(await ctx.timeline.event(requester, params.roomId, params.eventId))
  },
})
