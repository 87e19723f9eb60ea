// DELETE /_synapse/admin/v1/registration_tokens/{token}
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
import { endpoint, z } from '#http/endpoint.ts'

export const deleteRegistrationToken = endpoint({
  method: 'DELETE',
  path: '/_synapse/admin/v1/registration_tokens/:token',
  auth: 'admin',
  params: z.object({ token: z.string() }),
  async handler({ params, ctx }) {
    await ctx.registration.tokens.delete(params.token)
    return {}
  },
})
