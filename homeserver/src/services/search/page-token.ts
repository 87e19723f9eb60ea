import { z } from 'zod'
import { invalidParam } from '#matrix/errors.ts'
import { roomId, userId } from '#matrix/ids.ts'
import { maybeJson } from '#matrix/events/maybe-json.ts'

const place = z.int().min(0)

const schema = z.object({
  /** Matches told of before this place in the log are left. */
  before: place,
  /** Of those, by rank, the ones after this. */
  after: z.object({ rank: z.number(), place }).optional(),
  /** As the first page told it, so that it stays the same. */
  count: z.int().min(0),
  /** Only what belongs to this group. */
  group: z
    .discriminatedUnion('key', [
      z.object({ key: z.literal('room_id'), value: roomId }),
      z.object({ key: z.literal('sender'), value: userId }),
    ])
    .optional(),
})

/** Where the next page begins. */
export type SearchPlace = z.output<typeof schema>

export function encodeSearchToken(position: SearchPlace): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws {MatrixError} 400 `M_INVALID_PARAM` when it is no token of a search */
export function parseSearchToken(token: string): SearchPlace {
  const result = schema.safeParse(maybeJson(Buffer.from(token, 'base64url').toString()))
  if (!result.success) throw invalidParam('next_batch is no token of a search.')
  return result.data
}
