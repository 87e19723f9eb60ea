// POST /_synapse/admin/v1/register
// https://element-hq.github.io/synapse/latest/admin_api/register_api.html
import { endpoint, storableText, z } from '#http/endpoint.ts'

export const registerBySharedSecret = endpoint({
  method: 'POST',
  path: '/_synapse/admin/v1/register',
  auth: 'none',
  rateLimit: 'registration-check',
  body: z.object({
    nonce: z.string(),
    username: storableText,
    password: z.string(),
    displayname: storableText.optional(),
    admin: z.boolean().default(false),
    user_type: z.string().nullable().optional(),
    mac: z.string(),
    inhibit_login: z.boolean().optional(),
  }),
  async handler({ body, ctx }) {
    const { admin, mac, nonce, password, username } = body
    const userType = body.user_type ?? undefined
    ctx.registration.sharedSecret.requireValid({ nonce, username, password, admin, userType, mac })
    const account = await ctx.accounts.create({ localpart: username, password, admin })
    const session = await ctx.sessions.create(account)
    if (body.displayname !== undefined) {
      const requester = await ctx.sessions.authenticate(session.accessToken)
      await ctx.profiles.setDisplayName(requester, body.displayname)
    }
    return {
      user_id: account.userId,
      access_token: session.accessToken,
      device_id: session.deviceId,
      home_server: ctx.serverName,
    }
  },
})
