import type { SharingReads } from '#log/reads-sharing.ts'
import type { LogReads } from '#log/reads.ts'
import type { RoomKey, UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import { presenceEvent } from './content.ts'
import type { PresenceTable } from './presence-table.ts'

export interface PresenceReaderDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly reads: Pick<LogReads, 'members'>
  readonly sharing: Pick<SharingReads, 'sharing'>
}

/** From where a client wants to go on. */
export interface PresenceQuery {
  /** Number of the last change that it was told of; undefined: of none. */
  readonly since: number | undefined
  /** The number is another worker's, who may have heard of changes in another order. */
  readonly elsewhere: boolean
  /** Rooms that the user has just joined. */
  readonly joined: readonly RoomKey[]
  readonly passes: (sender: UserId) => boolean
}

/** What a client is told. */
export interface PresencePart {
  readonly events: readonly string[]
  /** What it may lack or know: told along with other things, but nothing to answer for. */
  readonly repeated: readonly string[]
  readonly stamp: number
}

/** By how much the numbers of two workers may differ for the same change, in milliseconds. */
const OVERLAP_MS = 10_000

/** What a user may know of the presence of others: of those with whom they share a room. */
export class PresenceReader {
  readonly #deps: PresenceReaderDeps
  readonly #table: PresenceTable

  constructor(table: PresenceTable, deps: PresenceReaderDeps) {
    this.#table = table
    this.#deps = deps
  }

  async part(viewer: UserKey, query: PresenceQuery): Promise<PresencePart> {
    await this.#table.ready
    const { changes } = this.#table
    const { since, elsewhere } = query
    // no await until the changes are taken: they belong to this number
    const stamp = Math.max(changes.stamp, since ?? 0)
    const changed = since === undefined ? new Set(this.#table.present) : changes.after(since)
    const before = since !== undefined && elsewhere ? changes.after(since - OVERLAP_MS) : undefined
    for (const user of await this.#presentIn(query.joined)) changed.add(user)
    const users = before === undefined ? changed : new Set([...changed, ...before])
    if (users.size === 0) return { events: [], repeated: [], stamp }
    const visible = await this.#visible(viewer, users)
    const texts = (some: Iterable<UserKey>) => this.#texts(some, visible, query.passes)
    const repeated =
      before === undefined ? [] : texts([...before].filter((user) => !changed.has(user)))
    return { events: texts(changed), repeated, stamp }
  }

  async #presentIn(rooms: readonly RoomKey[]): Promise<UserKey[]> {
    const { present } = this.#table
    if (rooms.length === 0 || present.size === 0) return []
    const members = await Promise.all(rooms.map((room) => this.#deps.reads.members(room, ['join'])))
    return members.flat().flatMap(({ user }) => (present.has(user) ? [user] : []))
  }

  async #visible(viewer: UserKey, users: ReadonlySet<UserKey>): Promise<Set<UserKey>> {
    const others = Array.from(users).filter((user) => user !== viewer)
    const visible = await this.#deps.sharing.sharing(viewer, others)
    return visible.add(viewer)
  }

  #texts(
    users: Iterable<UserKey>,
    visible: ReadonlySet<UserKey>,
    passes: PresenceQuery['passes'],
  ): string[] {
    const now = this.#deps.clock.now()
    return Array.from(users).flatMap((user) => {
      const known = visible.has(user) ? this.#table.get(user) : undefined
      return known !== undefined && passes(known.userId) ? [presenceEvent(known, now)] : []
    })
  }
}
