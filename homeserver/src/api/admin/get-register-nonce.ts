// GET /_synapse/admin/v1/register
// https://element-hq.github.io/synapse/latest/admin_api/register_api.html
import { endpoint } from '#http/endpoint.ts'

export const getRegisterNonce = endpoint({
  method: 'GET',
  path: '/_synapse/admin/v1/register',
  auth: 'none',
  rateLimit: 'registration-check',
  // async, so that the error of a server without shared secret is a rejection too
  handler: async ({ ctx }) => ({ nonce: ctx.registration.sharedSecret.nonce() }),
})
