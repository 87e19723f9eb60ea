import type { Topological } from '#log/reads.ts'

/** The largest number that a token may carry. */
const DIGITS = 16
const TOKEN = new RegExp(`^t(\\d{1,${DIGITS}})_(-?\\d{1,${DIGITS}})$`)

/**
 * A place between two events of a room, in topological order: right before the event, existing or
 * not, with this depth and position. Paging backwards from it begins with the event before, paging
 * forwards with the event itself.
 */
export type PagePlace = Topological

/** `t<depth>_<pos>` */
export const pageToken = ({ depth, pos }: PagePlace): string => `t${depth}_${pos}`

/** The place of a `t…` token; undefined for any other text. */
export function parsePageToken(token: string): PagePlace | undefined {
  const [, depth, pos] = TOKEN.exec(token) ?? []
  if (depth === undefined || pos === undefined) return undefined
  const place = { depth: Number(depth), pos: Number(pos) }
  return Number.isSafeInteger(place.depth) && Number.isSafeInteger(place.pos) ? place : undefined
}

/** The place before an event. */
export const placeBefore = ({ depth, pos }: Topological): PagePlace => ({ depth, pos })

/** The place after an event. */
export const placeAfter = ({ depth, pos }: Topological): PagePlace => ({ depth, pos: pos + 1 })

/** Negative when `a` is before `b`. */
export const comparePlaces = (a: Topological, b: Topological): number =>
  a.depth - b.depth || a.pos - b.pos
