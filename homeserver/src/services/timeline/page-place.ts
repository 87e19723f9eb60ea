import type { Topological } from '#log/reads.ts'

/**
 * A place between two events of a room, in topological order: right before the event, existing or
 * not, with this depth and position. Paging backwards from it begins with the event before, paging
 * forwards with the event itself.
 */
export type PagePlace = Topological

/** The place before an event. */
export const placeBefore = ({ depth, pos }: Topological): PagePlace => ({ depth, pos })

/** The place after an event. */
export const placeAfter = ({ depth, pos }: Topological): PagePlace => ({ depth, pos: pos + 1 })

/** Negative when `a` is before `b`. */
export const comparePlaces = (a: Topological, b: Topological): number =>
  a.depth - b.depth || a.pos - b.pos
