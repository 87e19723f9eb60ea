// GET /_synapse/admin/v1/reports
// An endpoint of this server's own: rooms, events and users that were reported, the newest first.
import { endpoint, queryInt, z } from '#http/endpoint.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000

export const listReports = endpoint({
  method: 'GET',
  path: '/_synapse/admin/v1/reports',
  auth: 'admin',
  query: z.object({
    kind: z.enum(['room', 'event', 'user']).optional(),
    /** `next_token` of the page before. */
    from: queryInt.optional(),
    limit: queryInt.pipe(z.int().min(1)).default(DEFAULT_LIMIT),
  }),
  async handler({ query, ctx }) {
    const { reports, next } = await ctx.moderation.reports.list({
      kind: query.kind,
      before: query.from,
      limit: Math.min(query.limit, MAX_LIMIT),
    })
    return { reports, ...(next !== undefined && { next_token: String(next) }) }
  },
})
