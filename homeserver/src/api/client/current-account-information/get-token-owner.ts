// GET /_matrix/client/v3/account/whoami
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3accountwhoami
import { endpoint } from '#http/endpoint.ts'

export const getTokenOwner = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/account/whoami',
  auth: 'user',
  rateLimit: 'default',
  guests: true,
  handler: ({ requester }) =>
    Promise.resolve({
      user_id: requester.userId,
      device_id: requester.deviceId,
      is_guest: requester.guest,
    }),
})
