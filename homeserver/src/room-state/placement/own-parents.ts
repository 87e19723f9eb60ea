import type { EventRef } from '../deps.ts'
import { MAX_PARENTS } from './constants.ts'

/**
 * The parents of an event of this server: all extremities, or of too many the deepest. What is left
 * out stays an extremity, and the next events name it: forks heal by talking.
 */
export function ownParents(extremities: readonly EventRef[]): EventRef[] {
  if (extremities.length <= MAX_PARENTS) return [...extremities]
  return extremities.toSorted((a, b) => b.depth - a.depth).slice(0, MAX_PARENTS)
}
