// GET /_matrix/client/unstable/uk.half-shot.msc2666/user/mutual_rooms
// Before Matrix 1.19 (MSC2666), with its own names for the tokens.
import { endpoint, z } from '#http/endpoint.ts'
import { userId } from '#matrix/ids.ts'

export const getMutualRoomsUnstable = endpoint({
  method: 'GET',
  path: '/_matrix/client/unstable/uk.half-shot.msc2666/user/mutual_rooms',
  auth: 'user',
  rateLimit: 'default',
  query: z.object({ user_id: userId, batch_token: z.string().optional() }),
  async handler({ query, requester, ctx }) {
    const page = await ctx.mutualRooms.page(requester, query.user_id, query.batch_token)
    const { next_batch: next } = page
    return { ...page, ...(next !== undefined && { next_batch_token: next }) }
  },
})
