// GET /_matrix/client/v3/rooms/{roomId}/state
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidstate
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const getRoomState = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/state',
  auth: 'user',
  guests: true,
  params: z.object({ roomId }),
  async handler({ params, requester, ctx }) {
    const events = await ctx.timeline.state(requester, params.roomId)
    return new RawJson(`[${events.join(',')}]`)
  },
})
