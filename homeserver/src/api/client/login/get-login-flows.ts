// GET /_matrix/client/v3/login
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3login
import { endpoint } from '#http/endpoint.ts'

const FLOWS = [{ type: 'm.login.password' }, { type: 'm.login.token', get_login_token: true }]

export const getLoginFlows = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/login',
  auth: 'none',
  rateLimit: 'default',
  handler: () => Promise.resolve({ flows: FLOWS }),
})
