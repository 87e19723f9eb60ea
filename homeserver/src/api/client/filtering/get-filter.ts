// GET /_matrix/client/v3/user/{userId}/filter/{filterId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridfilterfilterid
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { forbidden, notFound } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'

export const getFilter = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/user/:userId/filter/:filterId',
  auth: 'user',
  params: z.object({ userId, filterId: z.string() }),
  async handler({ params, requester, ctx }) {
    if (!requester.mayActAs(params.userId)) throw forbidden('You cannot read filters of others.')
    const definition = await ctx.filters.definition(requester.user, params.filterId)
    if (definition === undefined) throw notFound('There is no such filter.')
    return new RawJson(definition)
  },
})
