// GET /_matrix/client/v3/profile/{userId}/{keyName}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuseridkeyname
import { endpoint, z } from '#http/endpoint.ts'
import { notFound } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'

export const getProfileField = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/profile/:userId/:keyName',
  auth: 'none',
  params: z.object({ userId, keyName: z.string() }),
  async handler({ params, ctx }) {
    const fields = await ctx.profiles.fields(params.userId)
    const value = fields && own(fields, params.keyName)
    if (value === undefined) throw notFound('There is no such profile field.')
    return { [params.keyName]: value }
  },
})
