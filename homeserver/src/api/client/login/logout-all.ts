// POST /_matrix/client/v3/logout/all
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3logoutall
import { endpoint } from '#http/endpoint.ts'

export const logoutAll = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/logout/all',
  auth: 'user',
  whileLocked: true,
  whileSuspended: true,
  async handler({ requester, ctx }) {
    await ctx.sessions.logoutAll(requester)
    return {}
  },
})
