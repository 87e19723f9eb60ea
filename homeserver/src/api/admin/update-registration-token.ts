// PUT /_synapse/admin/v1/registration_tokens/{token}
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
import { endpoint, z } from '#http/endpoint.ts'
import { tokenChange } from './registration-token-body.ts'

export const updateRegistrationToken = endpoint({
  method: 'PUT',
  path: '/_synapse/admin/v1/registration_tokens/:token',
  auth: 'admin',
  params: z.object({ token: z.string() }),
  body: z.object(tokenChange),
  handler: ({ params, body, ctx }) => ctx.registration.tokens.update(params.token, body),
})
