// DELETE /_matrix/client/v3/devices/{deviceId}
// https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3devicesdeviceid
import { endpoint, jsonObject, z } from '#http/endpoint.ts'
import { deviceId } from '#matrix/ids.ts'
import { requirePassword } from '../user-interactive-authentication/require-password.ts'

export const deleteDevice = endpoint({
  method: 'DELETE',
  path: '/_matrix/client/v3/devices/:deviceId',
  auth: 'user',
  // each request without `auth` begins a session, which is stored
  rateLimit: 'default',
  whileSuspended: true,
  params: z.object({ deviceId }),
  body: z.object({ auth: jsonObject.optional() }),
  // clients ask without a body first, as a DELETE seldom has one
  optionalBody: true,
  async handler({ params, source, requester, ctx }) {
    const operation = `DELETE /devices/${encodeURIComponent(params.deviceId)}`
    await requirePassword({ operation, source, requester, ctx, reusesPassword: true })
    await ctx.devices.delete(requester.user, [params.deviceId])
    return {}
  },
})
