// POST /_matrix/client/v3/logout
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logout
import { endpoint } from '#http/endpoint.ts'

export const logout = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/logout',
  auth: 'user',
  whileLocked: true,
  whileSuspended: true,
  async handler({ requester, ctx }) {
    await ctx.sessions.logout(requester)
    return {}
  },
})
