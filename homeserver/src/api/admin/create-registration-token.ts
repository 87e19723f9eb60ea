// POST /_synapse/admin/v1/registration_tokens/new
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
import { endpoint, z } from '#http/endpoint.ts'
import { tokenChange } from './registration-token-body.ts'

export const createRegistrationToken = endpoint({
  method: 'POST',
  path: '/_synapse/admin/v1/registration_tokens/new',
  auth: 'admin',
  body: z.object({
    token: z.string().optional(),
    length: z.int().min(1).max(64).optional(),
    ...tokenChange,
  }),
  handler: ({ body, ctx }) => ctx.registration.tokens.create(body),
})
