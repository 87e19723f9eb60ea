// POST /_matrix/client/v3/delete_devices
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3delete_devices
import { endpoint, jsonObject, storableText, z } from '#http/endpoint.ts'
import { requirePassword } from '../user-interactive-authentication/require-password.ts'

export const deleteDevices = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/delete_devices',
  auth: 'user',
  // each request without `auth` begins a session, which is stored
  rateLimit: 'default',
  whileSuspended: true,
  body: z.object({ devices: z.array(storableText), auth: jsonObject.optional() }),
  async handler({ body, source, requester, ctx }) {
    const operation = 'POST /delete_devices'
    await requirePassword({ operation, source, requester, ctx, reusesPassword: true })
    await ctx.devices.delete(requester.user, body.devices)
    return {}
  },
})
