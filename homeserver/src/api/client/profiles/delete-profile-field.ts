// DELETE /_matrix/client/v3/profile/{userId}/{keyName}
// https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3profileuseridkeyname
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden, guestForbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const deleteProfileField = endpoint({
  method: 'DELETE',
  path: '/_matrix/client/v3/profile/:userId/:keyName',
  auth: 'user',
  rateLimit: 'default',
  guests: true,
  params: z.object({ userId, keyName: z.string() }),
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('This is not your profile.')
    if (requester.guest && params.keyName !== 'displayname') throw guestForbidden()
    await ctx.profiles.removeField(requester, params.keyName)
    return {}
  },
})
