import type { AppendOutcome, EventRef, Point } from '#log/types.ts'
import type { StateLookup } from '#matrix/auth-rules/auth-rules.ts'
import type { AuthType } from '#matrix/auth-rules/auth-types.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import type { RoomEvent, StateKeyString } from '#matrix/events/pdu.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { EventId } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import { EventFlag } from '#log/types.ts'
import { ownParents } from '#room-state/placement/own-parents.ts'
import type { Extremity, RoomContext } from '#room-state/types.ts'

/** Kinds of message remembered as allowed, for one version of a room's state. */
const MAX_PERMITS = 500
/** Own events remembered to tell them from those of other workers. */
const MAX_SEEN = 4096

/** A state event as authorisation and its `auth_events` need it. */
export interface KnownState {
  readonly event: RoomEvent
  readonly ref: EventRef
  /** Content was removed by a redaction. */
  readonly redacted: boolean
  /** Set while the event is on its way into the log. */
  readonly outcome?: Promise<AppendOutcome>
}

/** State known for a version of a room's state; outlives predictions as long as the state does not change. */
export interface StateMemo {
  readonly stateVersion: number
  readonly known: Map<StateKeyString, KnownState | undefined>
  readonly derived: DerivedState
}

/** What follows from a version of the state, so that not every message has to work it out again. */
export class DerivedState {
  readonly #permits = new Map<string, readonly EventRef[]>()
  #levels: PowerLevels | undefined

  /** The `auth_events` of a kind of message that is allowed; see `authorize`. */
  permitted(kind: string): readonly EventRef[] | undefined {
    return this.#permits.get(kind)
  }

  permit(kind: string, authEvents: readonly EventRef[]): void {
    if (this.#permits.size === MAX_PERMITS) this.#permits.clear()
    this.#permits.set(kind, authEvents)
  }

  /** @param state must know the power levels and the create event */
  levels(state: StateLookup, version: RoomVersion): PowerLevels {
    return (this.#levels ??= PowerLevels.in(state, version))
  }
}

/**
 * A room as it will be once everything this worker has sent is committed: what the next event
 * builds on without waiting for the ones before. It starts from the worker's copy of the room and
 * is dropped as soon as the log contradicts it.
 */
export class Prediction {
  readonly context: RoomContext
  #tips: readonly Extremity[]
  #point: Point
  #depth: number
  #stateVersion: number
  #inFlight = 0
  readonly #known: Map<StateKeyString, KnownState | undefined>
  #derived: DerivedState
  readonly #changed = new Set<StateKeyString>()
  readonly #seen: Set<EventId>

  constructor(context: RoomContext, memo?: StateMemo) {
    this.context = context
    this.#tips = context.extremities
    this.#point = context.point
    this.#depth = context.depth
    this.#stateVersion = context.stateVersion
    const isCurrent = memo !== undefined && memo.stateVersion === context.stateVersion
    this.#known = isCurrent ? memo.known : new Map<StateKeyString, KnownState | undefined>()
    this.#derived = isCurrent ? memo.derived : new DerivedState()
    this.#seen = new Set(context.extremities.map((ref) => ref.eventId))
  }

  get stateVersion(): number {
    return this.#stateVersion
  }

  /** Depth of the next event. */
  get nextDepth(): number {
    return Math.min(this.#depth + 1, Number.MAX_SAFE_INTEGER)
  }

  /** True while events that it counts on are not yet committed. */
  get busy(): boolean {
    return this.#inFlight > 0
  }

  get memo(): StateMemo {
    return { stateVersion: this.#stateVersion, known: this.#known, derived: this.#derived }
  }

  /** What follows from the state as it will be for the next event. */
  get derived(): DerivedState {
    return this.#derived
  }

  /** What the next event names as `prev_events`; see {@link ownParents}. */
  parents(max?: number): readonly EventRef[] {
    const { line, idx } = this.#point
    // own events that are on their way were made on the current state
    const agrees = ({ point }: Extremity) =>
      point === undefined || (point.line === line && point.idx === idx)
    return ownParents(this.#tips, agrees, max)
  }

  /** Makes {@link lookup} answer for the keys; reads what is not known yet. */
  async load(keys: readonly AuthType[]): Promise<void> {
    const missing = keys.filter(([type, key]) => !this.#known.has(stateKeyString(type, key)))
    if (missing.length === 0) return
    const found = await this.context.states(missing)
    for (const [type, stateKey] of missing) {
      const key = stateKeyString(type, stateKey)
      const event = found.get(key)
      this.#known.set(
        key,
        event && { event: event.roomEvent(), ref: refOf(event), redacted: isRedacted(event.flags) },
      )
    }
  }

  /** State that was loaded before. */
  readonly lookup: StateLookup = (type, stateKey) => this.known(type, stateKey)?.event

  known(type: string, stateKey: string): KnownState | undefined {
    return this.#known.get(stateKeyString(type, stateKey))
  }

  /** The current event of a key, its redaction included (which {@link known} may not have noticed). */
  async current(type: string, stateKey: string): Promise<KnownState | undefined> {
    const key = stateKeyString(type, stateKey)
    if (this.#changed.has(key)) return this.#known.get(key)
    const event = await this.context.state(type, stateKey)
    return (
      event && { event: event.roomEvent(), ref: refOf(event), redacted: isRedacted(event.flags) }
    )
  }

  /**
   * Takes in what other workers have added to the room meanwhile, so that the next event joins
   * their branch with ours.
   */
  heal(context: RoomContext): void {
    this.#point = context.point
    const foreign = context.extremities.filter((ref) => !this.#seen.has(ref.eventId))
    if (foreign.length === 0) return
    this.#tips = [...this.#tips, ...foreign]
    for (const ref of foreign) {
      this.#see(ref.eventId)
      this.#depth = Math.max(this.#depth, ref.depth)
    }
  }

  /** Builds on an event that was handed to the log; `outcome` settles when it is committed or refused. */
  advance(
    event: RoomEvent,
    ref: EventRef,
    parents: readonly EventRef[],
    outcome: Promise<AppendOutcome>,
  ): void {
    this.#tips = [...this.#tips.filter((tip) => !parents.includes(tip)), ref]
    this.#depth = Math.max(this.#depth, ref.depth)
    this.#see(ref.eventId)
    this.#inFlight++
    if (event.stateKey !== undefined) {
      const key = stateKeyString(event.type, event.stateKey)
      this.#known.set(key, { event, ref, redacted: false, outcome })
      this.#changed.add(key)
      this.#stateVersion++
      this.#derived = new DerivedState()
    }
  }

  /** One of the events has an outcome. */
  settle(): void {
    this.#inFlight--
  }

  #see(eventId: EventId): void {
    this.#seen.add(eventId)
    if (this.#seen.size <= MAX_SEEN) return
    const [oldest] = this.#seen
    if (oldest !== undefined) this.#seen.delete(oldest)
  }
}

const isRedacted = (flags: number): boolean => (flags & EventFlag.redacted) !== 0

const refOf = (event: { eventId: EventId; depth: number; pos: number }): EventRef => ({
  eventId: event.eventId,
  depth: event.depth,
  pos: event.pos,
})
