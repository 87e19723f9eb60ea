import type { StateKeyString, StateMap } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'

/** How a group of room states differs. */
export interface Conflicts {
  /** What every state has with the same value; a map of its own. */
  readonly unconflicted: Map<StateKeyString, EventId>
  /** For each state its values of the other keys. Their union is the conflicted state set. */
  readonly conflicted: ReadonlyArray<readonly EventId[]>
}

/** https://spec.matrix.org/v1.19/rooms/v12/#definitions */
export function separateConflicts(states: readonly [StateMap, ...StateMap[]]): Conflicts {
  const [first, ...others] = states
  const keys = new Set<StateKeyString>()
  for (const other of others) addDifferences(first, other, keys)
  const unconflicted = new Map(first)
  for (const key of keys) unconflicted.delete(key)
  const conflicted = states.map((state) =>
    Array.from(keys, (key) => state.get(key)).filter((id) => id !== undefined),
  )
  return { unconflicted, conflicted }
}

/** Adds the keys under which two states differ; goes through the first one only if it must. */
function addDifferences(first: StateMap, other: StateMap, keys: Set<StateKeyString>): void {
  let shared = 0
  for (const [key, id] of other) {
    const inFirst = first.get(key)
    if (inFirst !== id) keys.add(key)
    if (inFirst !== undefined) shared++
  }
  if (shared === first.size) return
  for (const key of first.keys()) if (!other.has(key)) keys.add(key)
}
