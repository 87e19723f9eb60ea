// GET /_matrix/client/v1/register/m.login.registration_token/validity
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1registermloginregistration_tokenvalidity
import { endpoint, z } from '#http/endpoint.ts'

export const registrationTokenValidity = endpoint({
  method: 'GET',
  path: '/_matrix/client/v1/register/m.login.registration_token/validity',
  auth: 'none',
  rateLimit: 'registration-check',
  query: z.object({ token: z.string() }),
  handler: async ({ query, ctx }) => ({ valid: await ctx.registration.isTokenValid(query.token) }),
})
