// POST /_matrix/client/v3/rooms/{roomId}/read_markers
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidread_markers
import { endpoint, z } from '#http/endpoint.ts'
import { eventId, roomId } from '#matrix/ids.ts'

export const setReadMarker = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/rooms/:roomId/read_markers',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  params: z.object({ roomId }),
  body: z.object({
    'm.fully_read': eventId.optional(),
    'm.read': eventId.optional(),
    'm.read.private': eventId.optional(),
  }),
  async handler({ params, body, requester, ctx }) {
    await ctx.receipts.setMarkers(requester.user, params.roomId, {
      fullyRead: body['m.fully_read'],
      read: body['m.read'],
      readPrivate: body['m.read.private'],
    })
    return {}
  },
})
