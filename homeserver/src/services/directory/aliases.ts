import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import type { Dictionary, RoomInfo } from '#log/types.ts'
import { forbidden, invalidParam, MatrixError, notFound } from '#matrix/errors.ts'
import { serverOf, type RoomAlias, type RoomId, type ServerName } from '#matrix/ids.ts'
import type { JoinedRoom } from '#services/joined-room/index.ts'
import type { Sending } from '#services/sending/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import type { Access } from '#services/visibility/index.ts'
import type { Directory } from './directory.ts'
import { mendCanonicalAlias } from './mend-canonical-alias.ts'
import { mayNameRoom, type RoomPowerDeps } from './room-power.ts'
import { aliasesOf, aliasRow, countAliases, deleteAlias } from './store.ts'

/** What users do with the aliases of rooms, and with the rooms' place in the published directory. */
export interface Aliases {
  /**
   * Gives an alias of this server to a room that the user has joined.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for another server's alias, 403 `M_FORBIDDEN`, 409
   *   `M_UNKNOWN` when it is taken
   */
  add(requester: Requester, alias: RoomAlias, roomId: RoomId): Promise<void>
  /**
   * Takes an alias away, and out of the room's `m.room.canonical_alias` where the user may write
   * it. Its giver may, who has the power to name the room, and administrators of the server.
   * @throws {MatrixError} 404, or 403 `M_FORBIDDEN`
   */
  remove(requester: Requester, alias: RoomAlias): Promise<void>
  /**
   * The room's aliases on this server.
   * @throws {MatrixError} 403 unless the user has joined the room or everybody may read it
   */
  list(requester: Requester, roomId: RoomId): Promise<RoomAlias[]>
  /**
   * Lists a room in the published directory, or takes it off.
   * @throws {MatrixError} 404 for a room that is not known, 403 without the power to name the room
   */
  publish(requester: Requester, roomId: RoomId, published: boolean): Promise<void>
}

export interface AliasesDeps extends RoomPowerDeps {
  readonly db: Kysely<Schema>
  readonly directory: Directory
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly sending: Pick<Sending, 'send'>
  readonly access: Pick<Access, 'read'>
  readonly joinedRoom: JoinedRoom
  readonly serverName: ServerName
}

/** More names a room does not need, and the whole list is one answer. */
const MOST_ALIASES = 1_000

export function createAliases(deps: AliasesDeps): Aliases {
  const { db, directory, dictionary } = deps

  async function mayName(requester: Requester, room: RoomInfo | undefined): Promise<boolean> {
    if (requester.admin) return true
    return room !== undefined && (await mayNameRoom(requester, room, deps))
  }

  return {
    async add(requester, alias, roomId) {
      if (serverOf(alias) !== deps.serverName) {
        throw invalidParam('This is an alias of another server.')
      }
      await deps.joinedRoom.require(requester.user, roomId)
      if ((await countAliases(db, roomId)) >= MOST_ALIASES) {
        throw forbidden('The room has too many aliases.')
      }
      try {
        await directory.claim(alias, roomId, requester.user)
      } catch (error) {
        throw isTaken(error) ? taken(alias) : error
      }
    },

    async remove(requester, alias) {
      const row = await aliasRow(db, alias)
      const roomId = row && (await directory.resolve(alias))
      if (row === undefined || roomId === undefined) throw unknownAlias(alias)
      const room = await dictionary.room(roomId)
      if (row.creator !== requester.user && !(await mayName(requester, room))) {
        throw forbidden('You may not take this alias away.')
      }
      if (!(await deleteAlias(db, alias, roomId))) throw unknownAlias(alias)
      if (room !== undefined) await mendCanonicalAlias(requester, room, alias, deps)
    },

    async list(requester, roomId) {
      const { kind } = await deps.access.read(requester.user, roomId)
      if (kind === 'left') throw forbidden('You are not a member of this room.')
      return await aliasesOf(db, roomId)
    },

    async publish(requester, roomId, published) {
      const room = await dictionary.room(roomId)
      if (room === undefined) throw notFound('This server does not know the room.')
      if (!(await mayName(requester, room))) {
        throw forbidden("You may not change the room's place in the directory.")
      }
      await directory.setPublished(roomId, published)
    },
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof MatrixError && error.errcode === 'M_ROOM_IN_USE'

const taken = (alias: RoomAlias) =>
  new MatrixError(409, 'M_UNKNOWN', `Room alias ${alias} already exists.`)

const unknownAlias = (alias: RoomAlias) => notFound(`Room alias ${alias} not found.`)
