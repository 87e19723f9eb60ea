/** A room's state by interned key: position of the event. 0 (`OWN`) is the event being placed. */
export type State = ReadonlyMap<number, number>

/** One key that two states differ in. */
export interface Difference {
  readonly key: number
  /** Undefined: the key is not there. */
  readonly ev: number | undefined
  readonly prev: number | undefined
}

/** What has to change in one state to make it the other. Linear in their sizes. */
export function differences(from: State, to: State): Difference[] {
  if (from === to) return []
  const found: Difference[] = []
  let shared = 0
  for (const [key, ev] of to) {
    const prev = from.get(key)
    if (prev !== ev) found.push({ key, ev, prev })
    if (prev !== undefined) shared++
  }
  if (shared === from.size) return found
  for (const [key, prev] of from) if (!to.has(key)) found.push({ key, ev: undefined, prev })
  return found
}

/** The state with one key changed. */
export function withChange(state: State, key: number, ev: number): State {
  return new Map(state).set(key, ev)
}
