// POST /_matrix/client/v3/account/deactivate
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate
import { endpoint, jsonObject, z } from '#http/endpoint.ts'
import { accountByPassword } from './account-by-password.ts'

export const deactivateAccount = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/account/deactivate',
  auth: 'optional',
  rateLimit: 'login',
  whileSuspended: true,
  body: z.object({
    auth: jsonObject.optional(),
    id_server: z.string().optional(),
    erase: z.boolean().default(false),
  }),
  async handler({ body, source, requester, ctx }) {
    const operation = 'POST /account/deactivate'
    const account = await accountByPassword({ operation, source, requester, ctx })
    await ctx.deactivation.deactivate(account, { erase: body.erase })
    // nobody has third-party identifiers here, so none is left bound
    return { id_server_unbind_result: 'success' }
  },
})
