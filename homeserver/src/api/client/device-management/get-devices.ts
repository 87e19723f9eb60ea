// GET /_matrix/client/v3/devices
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3devices
import { endpoint } from '#http/endpoint.ts'
import { deviceBody } from './device-body.ts'

export const getDevices = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/devices',
  auth: 'user',
  guests: true,
  async handler({ requester, ctx }) {
    const devices = await ctx.devices.list(requester.user)
    return { devices: devices.map(deviceBody) }
  },
})
