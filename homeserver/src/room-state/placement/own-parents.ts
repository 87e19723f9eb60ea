import type { Extremity } from '../types.ts'
import { MAX_NAMED, MAX_PARENTS } from './constants.ts'

/**
 * The parents of an event of this server: all extremities, or of too many the deepest. What is left
 * out stays an extremity, and the next events name it: forks heal by talking.
 *
 * The log gives a message the room's current state, so its parents have to have that state. All extremities
 * together do, and so does each that agrees with it. Where others are among too many, either all are named,
 * or those that agree. Only when these are joined already the rest follows, as many as the specification
 * allows: the current state that they join has taken theirs in.
 * @param agrees whether the state after an extremity is the room's current one
 */
export function ownParents<Ref extends Extremity>(
  extremities: readonly Ref[],
  agrees: (ref: Ref) => boolean,
  max = MAX_PARENTS,
): Ref[] {
  if (extremities.length <= max) return [...extremities]
  const agreeing = extremities.filter(agrees)
  if (agreeing.length === extremities.length) return deepest(agreeing, max)
  if (extremities.length <= MAX_NAMED) return [...extremities]
  if (agreeing.length > 1) return deepest(agreeing, max)
  const others = extremities.filter((ref) => !agreeing.includes(ref))
  return [...agreeing, ...deepest(others, MAX_NAMED - agreeing.length)]
}

function deepest<Ref extends Extremity>(refs: readonly Ref[], count: number): Ref[] {
  return refs.toSorted((a, b) => b.depth - a.depth).slice(0, count)
}
