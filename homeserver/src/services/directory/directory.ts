import type { Db } from '#db/db.ts'
import type { Dictionary, UserKey } from '#log/types.ts'
import { roomInUse } from '#matrix/errors.ts'
import { serverOf, type RoomAlias, type RoomId, type ServerName } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import {
  deleteOldAlias,
  deletePublicRoom,
  insertAlias,
  insertPublicRoom,
  roomOfAlias,
} from './store.ts'

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
}

export interface DirectoryDeps {
  readonly db: Db
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly clock: Clock
  readonly serverName: ServerName
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const { db, dictionary, clock, serverName } = deps

  async function resolve(alias: RoomAlias): Promise<RoomId | undefined> {
    if (serverOf(alias) !== serverName) return undefined
    const roomId = await roomOfAlias(db, alias)
    if (roomId === undefined) return undefined
    return (await dictionary.room(roomId)) === undefined ? undefined : roomId
  }

  return {
    resolve,

    async claim(alias, roomId, creator) {
      const row = { alias, roomId, creator, ts: clock.now() }
      if (await insertAlias(db, row)) return
      if ((await resolve(alias)) !== undefined) throw roomInUse()
      await deleteOldAlias(db, alias, row.ts - CREATION_MS)
      if (!(await insertAlias(db, row))) throw roomInUse()
    },

    async setPublished(roomId, published) {
      if (published) await insertPublicRoom(db, roomId, clock.now())
      else await deletePublicRoom(db, roomId)
    },
  }
}
