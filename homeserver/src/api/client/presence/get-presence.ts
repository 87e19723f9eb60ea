// GET /_matrix/client/v3/presence/{userId}/status
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3presenceuseridstatus
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'
import { presenceOf } from './presence-of.ts'

export const getPresence = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/presence/:userId/status',
  auth: 'user',
  params: z.object({ userId }),
  handler: ({ params, requester, ctx }) => presenceOf(ctx).of(requester, params.userId),
})
