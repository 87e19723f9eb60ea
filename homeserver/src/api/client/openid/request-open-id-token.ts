// POST /_matrix/client/v3/user/{userId}/openid/request_token
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3useruseridopenidrequest_token
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const requestOpenIdToken = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/user/:userId/openid/request_token',
  auth: 'user',
  rateLimit: 'default',
  params: z.object({ userId }),
  body: z.object({}),
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) {
      throw forbidden('You cannot request a token for another user.')
    }
    const { token, expiresInMs } = await ctx.openId.createToken(requester.device)
    return {
      access_token: token,
      token_type: 'Bearer',
      matrix_server_name: ctx.serverName,
      expires_in: expiresInMs / 1000,
    }
  },
})
