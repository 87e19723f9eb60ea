// GET /_matrix/client/v3/rooms/{roomId}/initialSync
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidinitialsync
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

const MESSAGES = 20

export const roomInitialSync = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/initialSync',
  auth: 'user',
  guests: true,
  params: z.object({ roomId }),
  async handler({ params, requester, ctx }) {
    return new RawJson(await ctx.initialSync.room(requester, params.roomId, MESSAGES))
  },
})
