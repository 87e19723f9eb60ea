// POST /_matrix/client/v3/search
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3search
import { endpoint, RawJson, z } from '#http/endpoint.ts'
import { roomEventFilterSchema } from '#services/filters/index.ts'
import { SEARCH_KEYS } from '#services/search/index.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100
const DEFAULT_CONTEXT = 5
const MAX_CONTEXT = 25
const MAX_TERM = 1_000

const contextLimit = z.int().min(0).default(DEFAULT_CONTEXT)

const criteria = z.object({
  search_term: z.string().max(MAX_TERM),
  keys: z.array(z.enum(SEARCH_KEYS)).default([...SEARCH_KEYS]),
  filter: roomEventFilterSchema.default({}),
  order_by: z.enum(['recent', 'rank']).default('rank'),
  event_context: z
    .object({
      before_limit: contextLimit,
      after_limit: contextLimit,
      include_profile: z.boolean().default(false),
    })
    .optional(),
  include_state: z.boolean().default(false),
  groupings: z
    .object({ group_by: z.array(z.object({ key: z.enum(['room_id', 'sender']) })).default([]) })
    .default({ group_by: [] }),
})

export const search = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/search',
  auth: 'user',
  rateLimit: 'default',
  // reading, by another method
  whileSuspended: true,
  query: z.object({ next_batch: z.string().optional() }),
  body: z.object({ search_categories: z.object({ room_events: criteria.optional() }) }),
  async handler({ query, body, requester, ctx }) {
    const asked = body.search_categories.room_events
    if (asked === undefined) return { search_categories: {} }
    const roomEvents = await ctx.search.roomEvents(requester, {
      term: asked.search_term,
      keys: asked.keys,
      filter: asked.filter,
      orderBy: asked.order_by,
      limit: Math.min(asked.filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
      context: asked.event_context && {
        before: Math.min(asked.event_context.before_limit, MAX_CONTEXT),
        after: Math.min(asked.event_context.after_limit, MAX_CONTEXT),
        profile: asked.event_context.include_profile,
      },
      includeState: asked.include_state,
      groupBy: asked.groupings.group_by.map(({ key }) => key),
      nextBatch: query.next_batch,
    })
    return new RawJson(`{"search_categories":{"room_events":${roomEvents}}}`)
  },
})
