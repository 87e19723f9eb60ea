import { LRUCache } from 'lru-cache'
import type { Statement } from '#db/pipelined-client.ts'
import { notFound } from '#matrix/errors.ts'
import {
  isRoomId,
  parseRoomId,
  parseUserId,
  serverOf,
  type RoomId,
  type ServerName,
  type UserId,
} from '#matrix/ids.ts'
import { roomVersion } from '#matrix/room-versions/room-version.ts'
import { asRoomKey, asUserKey } from '../keys.ts'
import type { Reader } from '../read/connections.ts'
import type { Dictionary, RoomInfo, RoomKey, UserInfo, UserKey } from '../types.ts'
import { upTo } from '../caches/up-to.ts'

const ROOM_BY_ID: Statement = {
  name: 'room_by_id',
  text: 'SELECT key, room_id, version FROM rooms WHERE room_id = $1',
}
const ROOMS_BY_ID: Statement = {
  name: 'rooms_by_id',
  text: 'SELECT key, room_id, version FROM rooms WHERE room_id = ANY ($1::text[])',
}
const ROOMS_BY_KEY: Statement = {
  name: 'rooms_by_key',
  text: 'SELECT key, room_id, version FROM rooms WHERE key = ANY ($1::bigint[])',
}
const RESERVE_ROOMS: Statement = {
  name: 'rooms_reserve',
  text: `SELECT nextval('room_keys') AS first`,
}
/** Increment of the sequence `room_keys`. */
const ROOM_BLOCK = 32
const USER_BY_ID: Statement = {
  name: 'user_by_id',
  text: 'SELECT key, user_id FROM users WHERE user_id = ANY ($1::text[])',
}
const USER_MAKE: Statement = {
  name: 'user_make',
  text: 'INSERT INTO users (user_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING key, user_id',
}
const USERS_BY_KEY: Statement = {
  name: 'users_by_key',
  text: 'SELECT key, user_id FROM users WHERE key = ANY ($1::bigint[])',
}

interface RoomRow {
  readonly key: number
  readonly room_id: string
  readonly version: string
}
interface UserRow {
  readonly key: number
  readonly user_id: string
}

/** {@link Dictionary} over Postgres, with caches that never grow stale. */
export class DatabaseDictionary implements Dictionary {
  readonly #reader: Reader
  readonly #serverName: ServerName
  readonly #rooms = new LRUCache<RoomKey, RoomInfo>(upTo(20_000))
  readonly #roomsById = new LRUCache<RoomId, RoomInfo>(upTo(20_000))
  readonly #users = new LRUCache<UserKey, UserInfo>(upTo(50_000))
  readonly #usersById = new LRUCache<UserId, UserInfo>(upTo(50_000))
  #reserved: number[] = []

  constructor(deps: { reader: Reader; serverName: ServerName }) {
    this.#reader = deps.reader
    this.#serverName = deps.serverName
  }

  async room(roomId: RoomId): Promise<RoomInfo | undefined> {
    const cached = this.#roomsById.get(roomId)
    if (cached !== undefined) return cached
    const rows = await this.#reader.query<RoomRow>(ROOM_BY_ID, [roomId])
    return rows.map((row) => this.#rememberRoom(row))[0]
  }

  async roomsById(roomIds: readonly RoomId[]): Promise<Map<RoomId, RoomInfo>> {
    const found = new Map<RoomId, RoomInfo>()
    const missing: RoomId[] = []
    for (const roomId of roomIds) {
      const info = this.#roomsById.get(roomId)
      if (info === undefined) missing.push(roomId)
      else found.set(roomId, info)
    }
    if (missing.length > 0) {
      const rows = await this.#reader.query<RoomRow>(ROOMS_BY_ID, [missing])
      for (const info of rows.map((row) => this.#rememberRoom(row))) found.set(info.roomId, info)
    }
    return found
  }

  async roomByKey(key: RoomKey): Promise<RoomInfo> {
    const info = this.cachedRoom(key) ?? (await this.roomsByKey([key])).get(key)
    if (info === undefined) throw notFound('The room is not known.')
    return info
  }

  async roomsByKey(keys: readonly RoomKey[]): Promise<Map<RoomKey, RoomInfo>> {
    const found = new Map<RoomKey, RoomInfo>()
    const missing: RoomKey[] = []
    for (const key of keys) {
      const info = this.#rooms.get(key)
      if (info === undefined) missing.push(key)
      else found.set(key, info)
    }
    if (missing.length > 0) {
      const rows = await this.#reader.query<RoomRow>(ROOMS_BY_KEY, [missing])
      for (const row of rows) found.set(asRoomKey(row.key), this.#rememberRoom(row))
    }
    return found
  }

  /** The room, when it is in the cache. */
  cachedRoom(key: RoomKey): RoomInfo | undefined {
    return this.#rooms.get(key)
  }

  /** Puts a room that was just made into the cache. */
  addRoom(room: { key: RoomKey; roomId: RoomId; version: string }): void {
    this.#rememberRoom({ key: room.key, room_id: room.roomId, version: room.version })
  }

  async reserveRoom(): Promise<RoomKey> {
    for (;;) {
      const key = this.#reserved.pop()
      if (key !== undefined) return asRoomKey(key)
      const rows = await this.#reader.query<{ first: number }>(RESERVE_ROOMS)
      for (const { first } of rows) {
        this.#reserved = Array.from({ length: ROOM_BLOCK }, (_, n) => first + n).reverse()
      }
    }
  }

  async user(userId: UserId): Promise<UserInfo> {
    for (;;) {
      const known = await this.findUser(userId)
      if (known !== undefined) return known
      const made = await this.#reader.query<UserRow>(USER_MAKE, [userId])
      for (const row of made) return this.#rememberUser(row)
    }
  }

  async findUser(userId: UserId): Promise<UserInfo | undefined> {
    return (await this.usersById([userId])).get(userId)
  }

  /** Finds the keys of several users in one statement. */
  async usersById(userIds: readonly UserId[]): Promise<Map<UserId, UserInfo>> {
    const found = new Map<UserId, UserInfo>()
    const missing: UserId[] = []
    for (const userId of userIds) {
      const info = this.#usersById.get(userId)
      if (info === undefined) missing.push(userId)
      else found.set(userId, info)
    }
    if (missing.length > 0) {
      const rows = await this.#reader.query<UserRow>(USER_BY_ID, [missing])
      for (const info of rows.map((row) => this.#rememberUser(row))) found.set(info.userId, info)
    }
    return found
  }

  async userByKey(key: UserKey): Promise<UserInfo> {
    const info = this.#users.get(key) ?? (await this.usersByKey([key])).get(key)
    if (info === undefined) throw notFound('The user is not known.')
    return info
  }

  async usersByKey(keys: readonly UserKey[]): Promise<Map<UserKey, UserInfo>> {
    const found = new Map<UserKey, UserInfo>()
    const missing: UserKey[] = []
    for (const key of keys) {
      const info = this.#users.get(key)
      if (info === undefined) missing.push(key)
      else found.set(key, info)
    }
    if (missing.length > 0) {
      const rows = await this.#reader.query<UserRow>(USERS_BY_KEY, [missing])
      for (const info of rows.map((row) => this.#rememberUser(row))) found.set(info.key, info)
    }
    return found
  }

  /** Forgets everything: after a failover that lost the end of the log, keys may be given out anew. */
  clear(): void {
    this.#rooms.clear()
    this.#roomsById.clear()
    this.#users.clear()
    this.#usersById.clear()
    this.#reserved = []
  }

  #rememberRoom(row: RoomRow): RoomInfo {
    const version = roomVersion(row.version)
    if (version === undefined || !isRoomId(row.room_id)) {
      throw new TypeError(`Stored room ${row.key} has an unknown version or a bad id.`)
    }
    const info: RoomInfo = { key: asRoomKey(row.key), roomId: parseRoomId(row.room_id), version }
    this.#rooms.set(info.key, info)
    this.#roomsById.set(info.roomId, info)
    return info
  }

  #rememberUser(row: UserRow): UserInfo {
    const userId = parseUserId(row.user_id)
    const local = serverOf(userId) === this.#serverName
    const info: UserInfo = { key: asUserKey(row.key), userId, local }
    this.#users.set(info.key, info)
    this.#usersById.set(userId, info)
    return info
  }
}
