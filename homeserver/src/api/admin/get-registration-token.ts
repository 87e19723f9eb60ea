// GET /_synapse/admin/v1/registration_tokens/{token}
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
import { endpoint, z } from '#http/endpoint.ts'

export const getRegistrationToken = endpoint({
  method: 'GET',
  path: '/_synapse/admin/v1/registration_tokens/:token',
  auth: 'admin',
  params: z.object({ token: z.string() }),
  handler: ({ params, ctx }) => ctx.registration.tokens.get(params.token),
})
