// POST /_matrix/client/v3/account/password
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountpassword
import { endpoint, jsonObject, z } from '#http/endpoint.ts'
import { accountByPassword } from './account-by-password.ts'

export const changePassword = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/account/password',
  auth: 'optional',
  rateLimit: 'login',
  whileSuspended: true,
  body: z.object({
    new_password: z.string(),
    logout_devices: z.boolean().default(true),
    auth: jsonObject.optional(),
  }),
  async handler({ body, source, requester, ctx }) {
    // told before the old password is asked for
    ctx.accounts.requireStrong(body.new_password)
    const operation = 'POST /account/password'
    const account = await accountByPassword({ operation, source, requester, ctx })
    await ctx.passwordChange.change(account, body.new_password, {
      keep: requester?.device,
      logoutDevices: body.logout_devices,
    })
    return {}
  },
})
