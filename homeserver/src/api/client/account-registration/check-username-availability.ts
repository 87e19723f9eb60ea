// GET /_matrix/client/v3/register/available
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3registeravailable
import { endpoint, z } from '#http/endpoint.ts'

export const checkUsernameAvailability = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/register/available',
  auth: 'none',
  rateLimit: 'registration-check',
  query: z.object({ username: z.string() }),
  async handler({ query, ctx }) {
    await ctx.registration.requireAvailable(query.username)
    return { available: true }
  },
})
