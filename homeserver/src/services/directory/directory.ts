import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import type { Dictionary, UserKey } from '#log/types.ts'
import { roomInUse } from '#matrix/errors.ts'
import { serverOf, type RoomAlias, type RoomId, type ServerName } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import { holdProgress, markPublished } from './progress.ts'
import * as store from './store.ts'

/** A room that is not there so long after its alias was claimed will not come any more. */
const CREATION_MS = 60_000

/** Names of rooms on this server, and which rooms are listed publicly. */
export interface Directory {
  /** The room of a local alias; undefined when there is none, or it is another server's alias. */
  resolve(alias: RoomAlias): Promise<RoomId | undefined>
  /**
   * Gives an alias to a room that is about to be created. If the room then can't be stored, the alias
   * resolves to nothing and after a minute can be claimed again.
   * @throws {MatrixError} 400 `M_ROOM_IN_USE`
   */
  claim(alias: RoomAlias, roomId: RoomId, creator: UserKey): Promise<void>
  /** Lists the room in the published room directory, or takes it off. */
  setPublished(roomId: RoomId, published: boolean): Promise<void>
  /** True while the room is listed. */
  isPublished(roomId: RoomId): Promise<boolean>
  /** Which of some rooms are listed. */
  publishedAmong(roomIds: readonly RoomId[]): Promise<ReadonlySet<string>>
  /**
   * Hands a room's local aliases and its place in the published directory over to the room that
   * replaces it; who gave the aliases stays the same. Whoever calls this has checked that the
   * upgrade is allowed, and writes `m.room.canonical_alias` in both rooms.
   * @returns the aliases that moved
   */
  handOver(from: RoomId, to: RoomId): Promise<RoomAlias[]>
}

export interface DirectoryDeps {
  readonly db: Kysely<Schema>
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly clock: Clock
  readonly serverName: ServerName
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const { db, dictionary, clock, serverName } = deps

  async function resolve(alias: RoomAlias): Promise<RoomId | undefined> {
    if (serverOf(alias) !== serverName) return undefined
    const row = await store.aliasRow(db, alias)
    if (row === undefined) return undefined
    return (await dictionary.room(row.roomId)) === undefined ? undefined : row.roomId
  }

  async function publish(tx: Tx, roomId: RoomId, published: boolean): Promise<void> {
    if (published) await store.insertPublicRoom(tx, roomId, clock.now())
    else await store.deletePublicRoom(tx, roomId)
    await markPublished(tx, roomId, published)
  }

  return {
    resolve,

    async claim(alias, roomId, creator) {
      const row = { alias, roomId, creator, ts: clock.now() }
      if (await store.insertAlias(db, row)) return
      if ((await resolve(alias)) !== undefined) throw roomInUse()
      await store.deleteOldAlias(db, alias, row.ts - CREATION_MS)
      if (!(await store.insertAlias(db, row))) throw roomInUse()
    },

    async setPublished(roomId, published) {
      await transaction(db, async (tx) => {
        await holdProgress(tx)
        await publish(tx, roomId, published)
      })
    },

    isPublished: (roomId) => store.isPublicRoom(db, roomId),
    publishedAmong: (roomIds) => store.publicRoomsAmong(db, roomIds),

    async handOver(from, to) {
      return await transaction(db, async (tx) => {
        await holdProgress(tx)
        if (await store.isPublicRoom(tx, from)) {
          await publish(tx, from, false)
          await publish(tx, to, true)
        }
        return await store.moveAliases(tx, from, to)
      })
    },
  }
}
