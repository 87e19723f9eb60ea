// POST /_matrix/client/v3/publicRooms
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3publicrooms
import { endpoint, storableText, z } from '#http/endpoint.ts'
import { serverName } from '#matrix/ids.ts'

const filter = z.object({
  generic_search_term: z.string().nullish(),
  room_types: z.array(storableText.nullable()).max(100).nullish(),
})

export const queryPublicRooms = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/publicRooms',
  auth: 'user',
  whileSuspended: true,
  query: z.object({ server: serverName.optional() }),
  body: z.object({
    limit: z.int().optional(),
    since: z.string().optional(),
    filter: filter.optional(),
    include_all_networks: z.boolean().optional(),
    third_party_instance_id: z.string().optional(),
  }),
  handler: ({ query, body, ctx }) =>
    ctx.publicRooms.page({
      limit: body.limit,
      since: body.since,
      server: query.server,
      searchTerm: body.filter?.generic_search_term ?? undefined,
      roomTypes: body.filter?.room_types ?? undefined,
      includeAllNetworks: body.include_all_networks,
      thirdPartyInstanceId: body.third_party_instance_id,
    }),
})
