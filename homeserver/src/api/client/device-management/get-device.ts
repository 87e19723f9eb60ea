// GET /_matrix/client/v3/devices/{deviceId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devicesdeviceid
import { endpoint, z } from '#http/endpoint.ts'
import { deviceId } from '#matrix/ids.ts'
import { deviceBody } from './device-body.ts'

export const getDevice = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/devices/:deviceId',
  auth: 'user',
  guests: true,
  params: z.object({ deviceId }),
  handler: async ({ params, requester, ctx }) =>
    deviceBody(await ctx.devices.get(requester.user, params.deviceId)),
})
