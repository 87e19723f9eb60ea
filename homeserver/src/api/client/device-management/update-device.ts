// PUT /_matrix/client/v3/devices/{deviceId}
// https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3devicesdeviceid
import { endpoint, z } from '#http/endpoint.ts'
import { deviceId } from '#matrix/ids.ts'
import { deviceName } from './device-name.ts'

export const updateDevice = endpoint({
  method: 'PUT',
  path: '/_matrix/client/v3/devices/:deviceId',
  auth: 'user',
  guests: true,
  params: z.object({ deviceId }),
  body: z.object({ display_name: deviceName.optional() }),
  async handler({ params, body, requester, ctx }) {
    await ctx.devices.rename(requester.user, params.deviceId, body.display_name)
    return {}
  },
})
