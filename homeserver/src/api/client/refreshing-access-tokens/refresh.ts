// POST /_matrix/client/v3/refresh
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3refresh
import { endpoint, z } from '#http/endpoint.ts'
import { sessionBody } from '../login/session-body.ts'

export const refresh = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/refresh',
  auth: 'none',
  rateLimit: 'default',
  body: z.object({ refresh_token: z.string() }),
  handler: async ({ body, ctx }) => sessionBody(await ctx.sessions.refresh(body.refresh_token)),
})
