import type { StateKeyString, StateMap } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'

/** How a group of room states differs. */
export interface Conflicts {
  /** What every state has with the same value. */
  readonly unconflicted: Map<StateKeyString, EventId>
  /** For each state its values of the other keys. Their union is the conflicted state set. */
  readonly conflicted: ReadonlyArray<readonly EventId[]>
}

/** https://spec.matrix.org/v1.19/rooms/v12/#definitions */
export function separateConflicts(states: readonly StateMap[]): Conflicts {
  const [first, ...others] = states
  const unconflicted = new Map<StateKeyString, EventId>()
  for (const [key, id] of first ?? []) {
    if (others.every((state) => state.get(key) === id)) unconflicted.set(key, id)
  }
  const conflicted = states.map((state) => {
    const ids: EventId[] = []
    for (const [key, id] of state) if (!unconflicted.has(key)) ids.push(id)
    return ids
  })
  return { unconflicted, conflicted }
}
