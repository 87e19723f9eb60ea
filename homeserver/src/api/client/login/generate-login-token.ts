// POST /_matrix/client/v1/login/get_token
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv1loginget_token
import { endpoint, jsonObject, z } from '#http/endpoint.ts'
import { requirePassword } from '../user-interactive-authentication/require-password.ts'

export const generateLoginToken = endpoint({
  method: 'POST',
  path: '/_matrix/client/v1/login/get_token',
  auth: 'user',
  rateLimit: 'default',
  whileSuspended: true,
  body: z.object({ auth: jsonObject.optional() }),
  async handler({ source, requester, ctx }) {
    await requirePassword({ operation: 'POST /login/get_token', source, requester, ctx })
    const { token, expiresInMs } = await ctx.sessions.createLoginToken(requester)
    return { login_token: token, expires_in_ms: expiresInMs }
  },
})
