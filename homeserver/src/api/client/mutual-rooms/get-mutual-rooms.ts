// GET /_matrix/client/v1/mutual_rooms
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mutual_rooms
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const getMutualRooms = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/mutual_rooms',
  auth: 'user',
  rateLimit: 'default',
  query: z.object({ user_id: userId, from: z.string().optional() }),
  handler: ({ query, requester, ctx }) =>
    ctx.mutualRooms.page(requester, query.user_id, query.from),
})
