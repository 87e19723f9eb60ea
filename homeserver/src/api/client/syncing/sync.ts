// GET /_matrix/client/v3/sync
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync
import { endpoint, queryBoolean, queryInt, RawJson, z } from '#http/endpoint.ts'

export const sync = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/sync',
  auth: 'user',
  guests: true,
  query: z.object({
    filter: z.string().optional(),
    since: z.string().optional(),
    full_state: queryBoolean.optional(),
    set_presence: z.enum(['offline', 'online', 'unavailable']).optional(),
    timeout: queryInt.optional(),
    use_state_after: queryBoolean.optional(),
    'org.matrix.msc4222.use_state_after': queryBoolean.optional(),
  }),
  async handler({ query, requester, ctx, signal }) {
    const { filter = '{}', since, timeout = 0 } = query
    const stateField = query.use_state_after
      ? 'state_after'
      : query['org.matrix.msc4222.use_state_after']
        ? 'org.matrix.msc4222.state_after'
        : 'state'
    const request = {
      // some clients send an empty one with their first request
      since: since === '' ? undefined : since,
      filter: await ctx.sync.filterOf(requester.user, filter),
      fullState: query.full_state ?? false,
      timeout,
      stateField,
      confirm: () => ctx.sessions.confirm(requester),
    } as const
    return new RawJson(await ctx.sync.sync(requester, request, signal))
  },
})
