// GET /_matrix/client/v3/rooms/{roomId}/aliases
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidaliases
import { endpoint, z } from '#http/endpoint.ts'
import { roomId } from '#matrix/ids.ts'

export const getLocalAliases = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/rooms/:roomId/aliases',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ roomId }),
  async handler({ params, requester, ctx }) {
    return { aliases: await ctx.aliases.list(requester, params.roomId) }
  },
})
