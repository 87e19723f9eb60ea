// GET /_synapse/admin/v1/registration_tokens
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
import { endpoint, queryBoolean, z } from '#http/endpoint.ts'

export const listRegistrationTokens = endpoint({
  method: 'GET',
  path: '/_synapse/admin/v1/registration_tokens',
  auth: 'admin',
  query: z.object({ valid: queryBoolean.optional() }),
  handler: async ({ query, ctx }) => ({
    registration_tokens: await ctx.registration.tokens.list(query.valid),
  }),
})
