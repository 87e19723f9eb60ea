// GET /_matrix/federation/v1/openid/userinfo
// https://spec.matrix.org/v1.19/server-server-api/#get_matrixfederationv1openiduserinfo
import { endpoint, z } from '#http/endpoint.ts'
import { missingToken } from '#matrix/errors.ts'

// any service asks this, servers or not: it has nothing to do with federation being open
export const exchangeOpenIdToken = endpoint({
  method: 'GET',
  path: '/_matrix/federation/v1/openid/userinfo',
  auth: 'none',
  query: z.object({ access_token: z.string().optional() }),
  async handler({ query, ctx }) {
    if (query.access_token === undefined) throw missingToken()
    return { sub: await ctx.openId.userOf(query.access_token) }
  },
})
