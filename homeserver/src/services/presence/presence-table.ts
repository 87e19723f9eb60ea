import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import { asDeviceKey } from '#log/keys.ts'
import type { LogReads } from '#log/reads.ts'
import type { DeviceKey, EventEntry, Log, LogEntry, UserKey, Wakeups } from '#log/types.ts'
import { serverOf, type ServerName, type UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { ChangedUsers } from './changed-users.ts'
import { Persistence } from './persistence.ts'
import { recentPresence, type StoredPresence } from './store.ts'
import type { PresenceChange } from './types.ts'
import { CONNECTED_MS, isSame, UserPresence } from './user-presence.ts'

export interface PresenceTableDeps {
  readonly db: Kysely<Schema>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly logger: Logger
  readonly log: Pick<Log, 'subscribe'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly wakeups: Pick<Wakeups, 'wake'>
  readonly serverName: ServerName
}

/** Users in memory; offline ones beyond are left to the database. */
const MAX_USERS = 50_000
/** How far back the changes are read at the start. */
const REMEMBERED_MS = 24 * 60 * 60_000
/** Stands for the devices that a user had before a restart, until they are heard of again. */
const BEFORE_START = asDeviceKey(0)

/** Everybody's presence, as this worker knows it, with the timers that change it. */
export class PresenceTable {
  readonly changes: ChangedUsers
  /** Users who are not offline. */
  readonly present = new Set<UserKey>()
  /** Resolves when what was stored has been read. */
  readonly ready: Promise<void>
  readonly #deps: PresenceTableDeps
  readonly #users = new Map<UserKey, UserPresence>()
  readonly #owners = new Map<DeviceKey, UserKey>()
  readonly #timers = new Map<UserKey, { readonly at: number; cancel(): void }>()
  readonly #persistence: Persistence

  constructor(deps: PresenceTableDeps) {
    this.#deps = deps
    this.changes = new ChangedUsers(deps.clock)
    this.#persistence = new Persistence(deps, (user) => this.#row(user))
    deps.log.subscribe((entries) => this.#follow(entries))
    this.ready = this.#load()
  }

  get(user: UserKey): UserPresence | undefined {
    return this.#users.get(user)
  }

  /** Takes what a device says. */
  apply(change: PresenceChange): void {
    const { user, userId, device, state, lastActive, statusMsg } = change
    const known = this.#userOf(user, userId)
    known.devices.set(device, { state, until: this.#deps.clock.now() + CONNECTED_MS })
    known.devices.delete(BEFORE_START)
    this.#owners.set(device, user)
    known.lastActive = Math.max(known.lastActive, lastActive)
    if (statusMsg !== undefined) known.statusMsg = statusMsg ?? undefined
    this.#update(user, known)
  }

  /** A device is no more. */
  disconnect(key: number): DeviceKey {
    const device = asDeviceKey(key)
    const user = this.#owners.get(device)
    const known = user === undefined ? undefined : this.#users.get(user)
    this.#owners.delete(device)
    if (user !== undefined && known?.devices.delete(device) === true) this.#update(user, known)
    return device
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) timer.cancel()
    await this.ready
    await this.#persistence.flush()
  }

  /** Whoever sends events or reads them is active. */
  #follow(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'receipt') this.#act(entry.user, this.#users.get(entry.user))
      if (entry.kind === 'event') this.#followEvent(entry)
    }
  }

  #followEvent({ event, membership }: EventEntry): void {
    if (serverOf(event.senderId) === this.#deps.serverName) {
      this.#act(event.sender, this.#userOf(event.sender, event.senderId))
    }
    // those whom they join have not been told of them yet
    if (membership?.membership === 'join' && this.present.has(membership.user)) {
      this.changes.add(membership.user)
    }
  }

  #act(user: UserKey, known: UserPresence | undefined): void {
    if (known === undefined) return
    known.act(this.#deps.clock.now())
    this.#persistence.note(user)
    this.#update(user, known)
  }

  #userOf(user: UserKey, userId: UserId): UserPresence {
    const known = this.#users.get(user) ?? new UserPresence(userId)
    this.#users.set(user, known)
    return known
  }

  /** Tells whom it concerns when something changed, and waits for the next change. */
  #update(user: UserKey, known: UserPresence): void {
    const now = this.#deps.clock.now()
    const shown = known.evaluate(now)
    this.#arm(user, known, now)
    if (isSame(shown, known.shown)) return
    known.shown = shown
    known.stamp = this.changes.add(user)
    if (shown.presence === 'offline') this.present.delete(user)
    else this.present.add(user)
    this.#persistence.note(user)
    void this.#wake(user)
    if (this.#users.size > MAX_USERS) this.#forgetOne()
  }

  #arm(user: UserKey, known: UserPresence, now: number): void {
    const at = known.nextChange(now)
    const armed = this.#timers.get(user)
    // a timer that rings early finds nothing changed and waits on
    if (armed !== undefined && (at === undefined || armed.at <= at)) return
    armed?.cancel()
    if (at === undefined) return
    const cancel = this.#deps.clock.after(at - now, () => {
      this.#timers.delete(user)
      this.#update(user, known)
    })
    this.#timers.set(user, { at, cancel })
  }

  async #wake(user: UserKey): Promise<void> {
    const { logger, reads, wakeups } = this.#deps
    try {
      const memberships = await reads.membershipsOf(user)
      const joined = Array.from(memberships.values()).filter((row) => row.membership === 'join')
      wakeups.wake([`u${user}`, ...joined.map(({ room }) => `r${room}` as const)])
    } catch (error) {
      // they are told with the next thing that they hear
      logger.debug({ err: error }, 'a change of presence woke nobody')
    }
  }

  /** The one longest known who is offline and stored. */
  #forgetOne(): void {
    for (const user of this.#users.keys()) {
      if (this.present.has(user) || this.#timers.has(user)) continue
      this.#users.delete(user)
      return
    }
  }

  #row(user: UserKey): StoredPresence | undefined {
    const known = this.#users.get(user)
    if (known === undefined) return undefined
    const { userId, shown, lastActive, stamp, statusMsg = null } = known
    return { user, userId, presence: shown.presence, statusMsg, lastActive, changed: stamp }
  }

  /** Who was there before a restart has a little time to be heard of again. */
  async #load(): Promise<void> {
    const { clock, db, logger } = this.#deps
    const now = clock.now()
    try {
      for (const row of await recentPresence(db, now - REMEMBERED_MS, MAX_USERS)) this.#restore(row)
    } catch (error) {
      logger.warn({ err: error }, 'stored presence could not be read')
    }
  }

  #restore({ user, userId, presence, statusMsg, lastActive, changed }: StoredPresence): void {
    if (this.#users.has(user)) return
    const known = this.#userOf(user, userId)
    known.lastActive = lastActive
    known.statusMsg = statusMsg ?? undefined
    const until = this.#deps.clock.now() + CONNECTED_MS
    if (presence !== 'offline') known.devices.set(BEFORE_START, { state: presence, until })
    known.shown = known.evaluate(this.#deps.clock.now())
    // who has become idle meanwhile is told of as of now
    const isChanged = known.shown.presence !== presence
    known.stamp = isChanged ? this.changes.add(user) : this.changes.add(user, changed)
    if (known.shown.presence !== 'offline') this.present.add(user)
    this.#arm(user, known, this.#deps.clock.now())
  }
}
