// PUT /_matrix/client/v3/presence/{userId}/status
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3presenceuseridstatus
import { endpoint, storableText, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'
import { presenceOf } from './presence-of.ts'

export const setPresence = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/presence/:userId/status',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ userId }),
  body: z.object({
    presence: z.enum(['online', 'offline', 'unavailable']),
    status_msg: storableText.optional(),
  }),
  async handler({ params, body, requester, ctx }) {
    const presence = presenceOf(ctx)
    if (!requester.mayActAs(params.userId)) throw forbidden('You cannot speak for another user.')
    await presence.set(requester, body.presence, body.status_msg)
    return {}
  },
})
