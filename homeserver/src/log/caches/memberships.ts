import type { Statement } from '#db/pipelined-client.ts'
import { asRoomKey, asUserKey } from '../keys.ts'
import type { Reader } from '../read/connections.ts'
import type { LogEntry, MembershipRow, RoomKey, UserKey } from '../types.ts'
import { TrackedCache } from './tracked-cache.ts'

const OF_USER: Statement = {
  name: 'memberships_of',
  text: `SELECT s.last_pos AS up_to, u.user_key, m.room, m.membership, m.pos, m.forgotten
    FROM stream s CROSS JOIN unnest($1::bigint[]) AS u(user_key)
    LEFT JOIN memberships m ON m.user_key = u.user_key`,
}
const COUNTS: Statement = {
  name: 'member_counts',
  text: `SELECT s.last_pos AS up_to, r.room,
      (SELECT count(*) FROM memberships m WHERE m.room = r.room AND m.membership = 'join') AS joined,
      (SELECT count(*) FROM memberships m WHERE m.room = r.room AND m.membership = 'invite') AS invited
    FROM stream s CROSS JOIN unnest($1::bigint[]) AS r(room)`,
}

interface MembershipRecord {
  readonly up_to: number
  readonly user_key: number
  readonly room: number | null
  readonly membership: string
  readonly pos: number
  readonly forgotten: boolean
}
interface CountRow {
  readonly up_to: number
  readonly room: number
  readonly joined: number
  readonly invited: number
}
interface Counts {
  readonly joined: number
  readonly invited: number
}

const MOST_ROWS = 200_000
const MOST_COUNTS = 20_000

/** Who is in which room: by user, and counted by room. */
export class Memberships {
  readonly #byUser: TrackedCache<UserKey, Map<RoomKey, MembershipRow>>
  readonly #counts: TrackedCache<RoomKey, Counts>

  constructor(deps: { reader: Reader; reach(pos: number): Promise<void> }) {
    const { reader } = deps
    const reach = (pos: number) => deps.reach(pos)
    this.#byUser = new TrackedCache({
      max: MOST_ROWS,
      weigh: (rooms) => rooms.size,
      reach,
      async load(users) {
        const values = new Map(users.map((user) => [user, new Map<RoomKey, MembershipRow>()]))
        const rows = await reader.query<MembershipRecord>(OF_USER, [users])
        for (const { room, ...row } of rows) {
          if (room === null) continue
          const key = asRoomKey(room)
          const user = asUserKey(row.user_key)
          const { membership, pos, forgotten } = row
          values.get(user)?.set(key, { room: key, user, membership, pos, forgotten })
        }
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
    this.#counts = new TrackedCache({
      max: MOST_COUNTS,
      reach,
      async load(rooms) {
        const rows = await reader.query<CountRow>(COUNTS, [rooms])
        const values = new Map(
          rows.map(({ room, joined, invited }) => [asRoomKey(room), { joined, invited }]),
        )
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
  }

  async of(user: UserKey): Promise<ReadonlyMap<RoomKey, MembershipRow>> {
    return (await this.#byUser.get(user)) ?? new Map()
  }

  async counts(room: RoomKey): Promise<Counts> {
    return (await this.#counts.get(room)) ?? { joined: 0, invited: 0 }
  }

  async countsOf(rooms: readonly RoomKey[]): Promise<ReadonlyMap<RoomKey, Counts>> {
    return await this.#counts.getMany(rooms)
  }

  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      // a user has forgotten a room, among other things
      if (entry.kind === 'invalidation' && entry.what === 'user') {
        this.#byUser.drop(asUserKey(Number(entry.key)))
      }
      if (entry.kind !== 'event') continue
      if (entry.members !== undefined) {
        this.#forget(entry.event.room, entry.members)
        continue
      }
      if (entry.membership === undefined) continue
      const { user, membership } = entry.membership
      const { room } = entry.event
      // a new profile is a membership event too, and changes no count
      if (this.#byUser.peek(user)?.get(room)?.membership !== membership) this.#counts.drop(room)
      const row = { room, user, membership, pos: entry.pos }
      const outside = membership === 'leave' || membership === 'ban'
      this.#byUser.update(user, entry.pos, (rooms) => {
        const forgotten = outside && rooms.get(room)?.forgotten === true
        rooms.set(room, { ...row, forgotten })
      })
    }
  }

  /** Joined branches may change many memberships, and the event tells but its own. */
  #forget(room: RoomKey, users: readonly UserKey[]): void {
    for (const user of users) this.#byUser.drop(user)
    if (users.length > 0) this.#counts.drop(room)
  }

  clear(): void {
    this.#byUser.clear()
    this.#counts.clear()
  }
}
