// POST /_matrix/client/v3/register
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { deviceId } from '#matrix/ids.ts'
import { deviceName } from '../device-management/device-name.ts'
import { signedInBody } from '../login/session-body.ts'

const body = z.object({
  auth: jsonObject.optional(),
  username: storableText.optional(),
  password: z.string().optional(),
  device_id: deviceId.optional(),
  initial_device_display_name: deviceName.optional(),
  inhibit_login: z.boolean().optional(),
  refresh_token: z.boolean().optional(),
  // named by the prose alone: https://spec.matrix.org/v1.19/client-server-api/#guest-access
  guest_access_token: z.string().optional(),
})

export const register = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/register',
  auth: 'none',
  rateLimit: 'registration-check',
  query: z.object({ kind: z.enum(['user', 'guest']).default('user') }),
  body,
  async handler({ body, query, request, source, ctx }) {
    if (query.kind === 'guest') {
      // of what a guest asks for, the name of the device is all that counts
      const guest = await ctx.guests.register(request.addressKey)
      const displayName = body.initial_device_display_name
      const session = await ctx.sessions.create(guest, { displayName })
      return signedInBody(guest.userId, session, ctx.serverName)
    }
    const account = await ctx.registration.register({
      operation: 'POST /register',
      body: source,
      username: body.username,
      password: body.password,
      guestAccessToken: body.guest_access_token,
      address: request.addressKey,
    })
    if (body.inhibit_login === true) return { user_id: account.userId }
    const session = await ctx.sessions.create(account, {
      deviceId: body.device_id,
      displayName: body.initial_device_display_name,
      refreshable: body.refresh_token,
    })
    return signedInBody(account.userId, session, ctx.serverName)
  },
})
