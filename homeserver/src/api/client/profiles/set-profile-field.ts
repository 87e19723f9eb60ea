// PUT /_matrix/client/v3/profile/{userId}/{keyName}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3profileuseridkeyname
import { endpoint, jsonObject, z } from '#http/endpoint.ts'
import { forbidden, guestForbidden, missingParam } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'

export const setProfileField = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/profile/:userId/:keyName',
  auth: 'user',
  rateLimit: 'default',
  guests: true,
  params: z.object({ userId, keyName: z.string() }),
  body: jsonObject,
  async handler({ params, body, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('This is not your profile.')
    if (requester.guest && params.keyName !== 'displayname') throw guestForbidden()
    const value = own(body, params.keyName)
    if (value === undefined) throw missingParam(params.keyName)
    await ctx.profiles.setField(requester, params.keyName, value)
    return {}
  },
})
