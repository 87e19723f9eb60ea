import type { Log, LogEntry, RoomKey, UserKey, Wakeups } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { ChangedRooms } from './changed-rooms.ts'
import { typingFingerprint } from './fingerprint.ts'
import type { TypingBus, TypingChange } from './typing-bus.ts'

/** A place in this worker's sequence of typing changes, as sync tokens carry it. */
export interface TypingPosition {
  readonly boot: string
  readonly n: number
  /** Stands for who typed in the client's rooms then, for another worker; absent when nobody did. */
  readonly shown?: string
}

/** Which rooms a client is told about. */
export type Sees = (room: RoomKey) => boolean

/** No client types for longer without saying so again. */
const MAX_TIMEOUT = 120_000
const DEFAULT_TIMEOUT = 30_000

interface Typist {
  readonly userId: UserId
  cancel: () => void
}

export interface TypingDeps {
  readonly clock: Clock
  readonly rng: Pick<Rng, 'id'>
  readonly wakeups: Pick<Wakeups, 'wake'>
  readonly log: Pick<Log, 'subscribe'>
  readonly bus: TypingBus
}

/**
 * Who is typing where. Lives in memory only, with a counter of its own, since it is no part of the
 * event graph. https://spec.matrix.org/v1.19/client-server-api/#typing-notifications
 */
export class Typing {
  readonly #deps: TypingDeps
  readonly #rooms = new Map<RoomKey, Map<UserKey, Typist>>()
  readonly #changed: ChangedRooms
  readonly #boot: string
  #isClosed = false

  constructor(deps: TypingDeps) {
    this.#deps = deps
    this.#boot = deps.rng.id(6)
    this.#changed = new ChangedRooms(deps.clock)
    deps.bus.subscribe((change) => this.#apply(change))
    deps.log.subscribe((entries) => this.#follow(entries))
  }

  /** The latest change, as a client remembers it that sees these rooms. */
  position(sees: Sees): TypingPosition {
    const shown = this.#shown(sees)
    return { boot: this.#boot, n: this.#changed.count, ...(shown !== undefined && { shown }) }
  }

  /**
   * Marks a member as typing.
   * @param timeout milliseconds, at most two minutes count, 30 s when undefined
   */
  start(room: RoomKey, user: { key: UserKey; userId: UserId }, timeout = DEFAULT_TIMEOUT): void {
    this.#publish(room, user, Math.min(timeout, MAX_TIMEOUT))
  }

  /** Marks a member as no longer typing. */
  stop(room: RoomKey, user: { key: UserKey; userId: UserId }): void {
    this.#publish(room, user, 0)
  }

  /** Who types in the room now, in the order in which they began. */
  typingIn(room: RoomKey): UserId[] {
    return Array.from(this.#rooms.get(room)?.values() ?? [], (typist) => typist.userId)
  }

  /**
   * Rooms in which typing changed after a position. Undefined: rooms where anybody types now. For a
   * position of another worker, or of this one before a restart: nothing if the client knows who
   * types; else what changed in the last minute, so that "nobody" arrives as well. Without the first
   * a client whose requests alternate between workers would be answered at once each time.
   */
  changedSince(position: TypingPosition | undefined, sees: Sees): Iterable<RoomKey> {
    if (position === undefined) return this.#rooms.keys()
    if (position.boot === this.#boot) return this.#changed.after(position.n)
    if (position.shown === this.#shown(sees)) return []
    return new Set([...this.#changed.recently(), ...this.#rooms.keys()])
  }

  /** Forgets who types, so that no timer keeps the process from ending. */
  close(): void {
    this.#isClosed = true
    for (const typists of this.#rooms.values()) for (const { cancel } of typists.values()) cancel()
    this.#rooms.clear()
  }

  #shown(sees: Sees): string | undefined {
    if (this.#rooms.size === 0) return undefined
    const rooms = Array.from(this.#rooms).filter(([room]) => sees(room))
    return typingFingerprint(rooms.map(([room, typists]) => [room, typists.keys()] as const))
  }

  #publish(room: RoomKey, user: { key: UserKey; userId: UserId }, timeout: number): void {
    this.#deps.bus.publish({ room, user: user.key, userId: user.userId, timeout })
  }

  #apply(change: TypingChange): void {
    if (this.#isClosed) return
    const typists = this.#rooms.get(change.room) ?? new Map<UserKey, Typist>()
    const known = typists.get(change.user)
    known?.cancel()
    if (change.timeout <= 0) {
      if (known !== undefined) this.#remove(change.room, change.user)
      return
    }
    const cancel = this.#deps.clock.after(change.timeout, () =>
      this.#remove(change.room, change.user),
    )
    if (known !== undefined) {
      known.cancel = cancel
      return
    }
    typists.set(change.user, { userId: change.userId, cancel })
    this.#rooms.set(change.room, typists)
    this.#announce(change.room)
  }

  #remove(room: RoomKey, user: UserKey): void {
    const typists = this.#rooms.get(room)
    if (typists === undefined) return
    typists.delete(user)
    if (typists.size === 0) this.#rooms.delete(room)
    this.#announce(room)
  }

  #announce(room: RoomKey): void {
    this.#changed.add(room)
    this.#deps.wakeups.wake([`r${room}`])
  }

  /** Who leaves a room has stopped typing in it. */
  #follow(entries: readonly LogEntry[]): void {
    if (this.#rooms.size === 0) return
    for (const entry of entries) {
      if (entry.kind !== 'event' || entry.membership === undefined) continue
      if (entry.membership.membership === 'join') continue
      const typist = this.#rooms.get(entry.event.room)?.get(entry.membership.user)
      if (typist === undefined) continue
      typist.cancel()
      this.#remove(entry.event.room, entry.membership.user)
    }
  }
}

/** Makes the service; one per worker. */
export function createTyping(deps: TypingDeps): Typing {
  return new Typing(deps)
}
