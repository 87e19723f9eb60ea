// GET /_matrix/client/v3/notifications
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3notifications
import { endpoint, queryInt, RawJson, z } from '#http/endpoint.ts'
import { userOf } from './rule-params.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

export const getNotifications = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/notifications',
  auth: 'user',
  query: z.object({
    from: z.string().optional(),
    limit: queryInt.pipe(z.int().min(1)).default(DEFAULT_LIMIT),
    only: z.string().optional(),
  }),
  async handler({ query, requester, ctx }) {
    const page = await ctx.notifications.list(userOf(requester), requester, {
      from: query.from,
      limit: Math.min(query.limit, MAX_LIMIT),
      onlyHighlights: query.only === 'highlight',
    })
    const next =
      page.nextToken === undefined ? '' : `,"next_token":${JSON.stringify(page.nextToken)}`
    return new RawJson(`{"notifications":[${page.notifications.join(',')}]${next}}`)
  },
})
