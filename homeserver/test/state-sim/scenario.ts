/** What a simulated room goes through. Times in milliseconds of the room's own clock. */
export interface Scenario {
  readonly name: string
  /** Changes of state, over all. */
  readonly changes: number
  /** Users who join first; later changes are leaves, returns and new profiles of theirs. */
  readonly members: number
  readonly servers: number
  /** Share of the state events that a server makes without knowing the latest ones. */
  readonly side: number
  /** Of those, how many are made while the server is cut off for minutes to hours. */
  readonly partitioned: number
  /** All servers fight over one key. */
  readonly flapping?: boolean
  readonly seed: number
}

/** An event as it reaches this server, in the order of arrival. */
export type Arrival =
  | { readonly kind: 'main'; readonly key: string | undefined; readonly ts: number }
  | {
      readonly kind: 'side'
      readonly branch: Branch
      readonly key: string | undefined
      readonly ts: number
      readonly fate: 'accepted' | 'soft-failed' | 'rejected'
    }
  /** Older events of the room, with the state that another server told for the first of them. */
  | { readonly kind: 'backfill'; readonly ts: number }

/** Events that one server makes one behind the other, until it has caught up. */
export interface Branch {
  /** How many arrivals ago the room was as the server sees it. */
  readonly behind: number
}

/** Mulberry32: small, seeded, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Between two state events, on average. */
const PACE_MS = 1_000
const SHORT: readonly [number, number] = [50, 30_000]
const LONG: readonly [number, number] = [60_000, 6 * 3_600_000]
/** A partitioned server sends this many events on its branch, at most. */
const LONGEST_BRANCH = 200

/** The arrivals of a scenario. */
export function* arrivals(scenario: Scenario): Generator<Arrival> {
  const random = seeded(scenario.seed)
  const logUniform = ([from, to]: readonly [number, number]) => from * (to / from) ** random()
  const keys = new Keys(scenario, random)
  const branches: { branch: Branch; left: number }[] = []
  let ts = 1_700_000_000_000
  for (let change = 0; change < scenario.changes;) {
    ts += logUniform([PACE_MS / 4, PACE_MS * 4])
    const key = random() < 0.7 ? keys.next() : undefined
    if (key !== undefined) change++
    if (change > 0 && change % 2_000 === 0 && key !== undefined)
      yield { kind: 'backfill', ts: Math.round(ts) }
    if (change <= 10 || random() >= scenario.side) {
      yield { kind: 'main', key, ts: Math.round(ts) }
      continue
    }
    const slot = Math.floor(random() * Math.max(1, scenario.servers - 1))
    let open = branches[slot]
    if (open === undefined || open.left === 0) {
      const isLong = random() < scenario.partitioned
      const lag = logUniform(isLong ? LONG : SHORT)
      const behind = Math.ceil(lag / PACE_MS)
      const left = isLong ? Math.ceil(random() * LONGEST_BRANCH) : 1 + Math.floor(random() * 2)
      open = { branch: { behind: Math.min(behind, change) }, left }
      branches[slot] = open
    }
    open.left--
    const luck = random()
    const fate = luck < 0.01 ? 'soft-failed' : luck < 0.02 ? 'rejected' : 'accepted'
    yield { kind: 'side', branch: open.branch, key, ts: Math.round(ts - random() * 20_000), fate }
  }
}

/** Which key of the state changes next. */
class Keys {
  readonly #scenario: Scenario
  readonly #random: () => number
  #joined = 0

  constructor(scenario: Scenario, random: () => number) {
    this.#scenario = scenario
    this.#random = random
  }

  next(): string {
    if (this.#scenario.flapping === true) return 'm.room.topic\0'
    const luck = this.#random()
    if (luck < 0.02) return 'm.room.topic\0'
    if (luck < 0.03) return 'm.room.power_levels\0'
    const { members } = this.#scenario
    const user = this.#joined < members ? this.#joined++ : Math.floor(this.#random() * members)
    return `m.room.member\0@user${user}:s${user % this.#scenario.servers}.example`
  }
}
