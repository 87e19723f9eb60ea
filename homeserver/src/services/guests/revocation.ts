import type { SharingReads } from '#log/reads-sharing.ts'
import type { LogReads } from '#log/reads.ts'
import { EventFlag, type EventEntry, type Log, type RoomKey, type UserKey } from '#log/types.ts'
import type { Dictionary, LogEntry } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Accounts } from '#services/accounts/index.ts'
import type { Sending } from '#services/sending/index.ts'
import { GUEST_ACCESS, type Admission } from './admission.ts'

export interface RevocationDeps {
  readonly admission: Admission
  readonly log: Pick<Log, 'subscribe' | 'onReset'>
  readonly reads: Pick<LogReads, 'eventsByPos' | 'members'>
  readonly sharing: Pick<SharingReads, 'joinedRooms'>
  readonly dictionary: Pick<Dictionary, 'roomByKey' | 'usersByKey'>
  readonly accounts: Pick<Accounts, 'guests'>
  readonly sending: Pick<Sending, 'send'>
  readonly clock: Pick<Clock, 'after'>
  readonly logger: Logger
}

const RETRY_MS = 5_000

/**
 * Shows guests out of rooms that no longer admit them. Every worker does, as any may end before it is
 * done; whoever comes second finds that they have left. What was missed while no worker ran is made
 * up for at the start.
 */
export class Revocation {
  readonly #deps: RevocationDeps
  readonly #rooms = new Set<RoomKey>()
  /** Positions of redacted events, which may be what admitted guests. */
  readonly #redacted = new Set<number>()
  #hasMissed = true
  #isWorking = false
  #isStopped = false
  #cancel = () => {}

  constructor(deps: RevocationDeps) {
    this.#deps = deps
    deps.log.subscribe((entries) => this.#follow(entries))
    deps.log.onReset(() => {
      this.#hasMissed = true
      void this.#work()
    })
    void this.#work()
  }

  /** Has guests leave a room. */
  async showOut(roomId: RoomId, guests: readonly UserKey[]): Promise<void> {
    const users = await this.#deps.dictionary.usersByKey(guests)
    for (const sender of users.values()) {
      await this.#deps.sending.send({
        sender,
        device: undefined,
        roomId,
        type: 'm.room.member',
        stateKey: sender.userId,
        content: { membership: 'leave' },
        keep: (current) => membershipOf(current) !== 'join',
      })
    }
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  #follow(entries: readonly LogEntry[]): void {
    for (const entry of entries) if (entry.kind === 'event') this.#note(entry)
    if (this.#hasWork) void this.#work()
  }

  #note({ event, redacts }: EventEntry): void {
    const isAccess = event.type === GUEST_ACCESS && event.stateKey === ''
    // where branches joined, the room may have another event than the one that came
    if (isAccess || (event.flags & EventFlag.reshapes) !== 0) this.#rooms.add(event.room)
    if (redacts !== undefined) this.#redacted.add(redacts)
  }

  async #work(): Promise<void> {
    if (this.#isWorking || this.#isStopped) return
    this.#isWorking = true
    this.#cancel()
    try {
      while (!this.#isStopped && this.#hasWork) {
        if (this.#hasMissed) await this.#findAll()
        await this.#findRedacted()
        for (const room of this.#rooms) await this.#enforce(room)
      }
    } catch (error) {
      if (this.#isStopped) return
      this.#deps.logger.warn({ err: error }, 'guests could not be shown out of a room yet')
      this.#cancel = this.#deps.clock.after(RETRY_MS, () => void this.#work())
    } finally {
      this.#isWorking = false
    }
  }

  get #hasWork(): boolean {
    return this.#hasMissed || this.#rooms.size > 0 || this.#redacted.size > 0
  }

  async #findAll(): Promise<void> {
    const { accounts, sharing } = this.#deps
    this.#hasMissed = false
    try {
      for (const room of await sharing.joinedRooms(await accounts.guests())) this.#rooms.add(room)
    } catch (error) {
      this.#hasMissed = true
      throw error
    }
  }

  async #findRedacted(): Promise<void> {
    const positions = [...this.#redacted]
    if (positions.length === 0) return
    const events = await this.#deps.reads.eventsByPos(positions)
    for (const { type, room } of events.values()) if (type === GUEST_ACCESS) this.#rooms.add(room)
    for (const pos of positions) this.#redacted.delete(pos)
  }

  async #enforce(room: RoomKey): Promise<void> {
    const { accounts, admission, dictionary, reads } = this.#deps
    // before the look: what changes from now on is looked at again
    this.#rooms.delete(room)
    try {
      if (await admission.admitsTo(room)) return
      const members = await reads.members(room, ['join'])
      const guests = await accounts.guests(members.map(({ user }) => user))
      if (guests.length === 0) return
      const { roomId } = await dictionary.roomByKey(room)
      await this.showOut(roomId, guests)
    } catch (error) {
      this.#rooms.add(room)
      throw error
    }
  }
}
