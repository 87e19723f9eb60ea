import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { Db } from '#db/db.ts'
import type { EventEntry, RoomKey, UserKey } from '#log/types.ts'
import { hasPushers, membersWithPushers, usersWithPushers } from './lease-store.ts'

const MAX_ROOMS = 10_000

/** Who of a room's members has pushers, without asking the database for each event. */
export class RoomAudience {
  readonly #db: Db
  readonly #rooms = new LRUCache<RoomKey, readonly UserKey[]>(upTo(MAX_ROOMS))
  readonly #users = new Set<UserKey>()
  /** Counts changes, so that what was read before one is not kept. */
  #changes = 0

  constructor(db: Db) {
    this.#db = db
  }

  /** True when nobody has a pusher: the most there is to know on many servers. */
  get isEmpty(): boolean {
    return this.#users.size === 0
  }

  has(user: UserKey): boolean {
    return this.#users.has(user)
  }

  /** Reads anew who has pushers. */
  async load(): Promise<void> {
    for (const user of await usersWithPushers(this.#db)) this.#users.add(user)
    this.#forgetRooms()
  }

  /** The user's pushers may have changed. @returns whether there are any */
  async refresh(user: UserKey): Promise<boolean> {
    const has = await hasPushers(this.#db, user)
    if (has === this.#users.has(user)) return has
    if (has) this.#users.add(user)
    else this.#users.delete(user)
    this.#forgetRooms()
    return has
  }

  /** Members come and go. */
  follow({ event, membership, members }: EventEntry): void {
    if (membership === undefined && members === undefined) return
    this.#changes++
    this.#rooms.delete(event.room)
  }

  /** Members of a room with pushers. */
  async of(room: RoomKey): Promise<readonly UserKey[]> {
    const known = this.#rooms.get(room)
    if (known !== undefined) return known
    const before = this.#changes
    const users = await membersWithPushers(this.#db, room)
    if (before === this.#changes) this.#rooms.set(room, users)
    return users
  }

  #forgetRooms(): void {
    this.#changes++
    this.#rooms.clear()
  }
}
