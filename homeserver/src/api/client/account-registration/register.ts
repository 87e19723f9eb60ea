// POST /_matrix/client/v3/register
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3register
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { MatrixError } from '#matrix/errors.ts'
import { deviceId } from '#matrix/ids.ts'

const body = z.object({
  auth: jsonObject.optional(),
  username: storableText.optional(),
  password: z.string().optional(),
  device_id: deviceId.optional(),
  initial_device_display_name: storableText.optional(),
  inhibit_login: z.boolean().optional(),
  // a client that can refresh tokens is given one that does not expire, which the specification allows
  refresh_token: z.boolean().optional(),
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
      throw new MatrixError(403, 'M_GUEST_ACCESS_FORBIDDEN', 'Guests are not admitted here.')
    }
    const account = await ctx.registration.register({
      operation: 'POST /register',
      body: source,
      username: body.username,
      password: body.password,
      address: request.addressKey,
    })
    if (body.inhibit_login === true) return { user_id: account.userId }
    const session = await ctx.sessions.create(account, {
      deviceId: body.device_id,
      displayName: body.initial_device_display_name,
    })
    return {
      user_id: account.userId,
      access_token: session.accessToken,
      device_id: session.deviceId,
      home_server: ctx.serverName,
    }
  },
})
