// GET /_matrix/client/v3/publicRooms
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3publicrooms
import { endpoint, queryInt, z } from '#http/endpoint.ts'
import { serverName } from '#matrix/ids.ts'

export const getPublicRooms = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/publicRooms',
  auth: 'none',
  query: z.object({
    limit: queryInt.optional(),
    since: z.string().optional(),
    server: serverName.optional(),
  }),
  handler: ({ query, ctx }) => ctx.publicRooms.page(query),
})
