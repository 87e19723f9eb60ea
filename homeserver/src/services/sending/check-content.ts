import { parseContent } from '#matrix/auth-rules/power-levels-content.ts'
import { badJson, invalidParam, MatrixError } from '#matrix/errors.ts'
import { isRoomAlias, isUserId, type RoomAlias, type RoomId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/**
 * Refuses state whose content no room should have, with a clearer answer than the authorisation
 * rules could give.
 * @throws {MatrixError} 400 `M_BAD_JSON`
 */
export function checkStateContent(
  type: string,
  stateKey: string,
  content: JsonObject,
  version: RoomVersion,
): void {
  if (type === 'm.room.power_levels') {
    const levels = parseContent(content, version)
    if (typeof levels === 'string') throw badJson(`m.room.power_levels: ${levels}`)
  }
  if (type === 'm.room.redaction') throw badJson('A redaction is not a state event.')
  if (type !== 'm.room.member') return
  if (typeof own(content, 'membership') !== 'string') {
    throw badJson('m.room.member: membership must be a string.')
  }
  if (!isUserId(stateKey)) throw invalidParam('m.room.member: the state key must be a user ID.')
}

/** Finds out which room a local alias points at. */
export type ResolveAlias = (alias: RoomAlias) => Promise<RoomId | undefined>

/**
 * Aliases that an `m.room.canonical_alias` newly lists must exist and point at the room.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
 * @throws {MatrixError} 400 `M_INVALID_PARAM` for bad syntax, `M_BAD_ALIAS` for an alias of something else
 */
export async function checkAliases(
  content: JsonObject,
  current: JsonObject | undefined,
  roomId: RoomId,
  resolve: ResolveAlias,
): Promise<void> {
  const present = new Set(current === undefined ? [] : aliasesIn(current))
  for (const alias of aliasesIn(content)) {
    if (present.has(alias)) continue
    if (typeof alias !== 'string' || !isRoomAlias(alias)) {
      throw invalidParam(`Not a room alias: ${JSON.stringify(alias)}`)
    }
    if ((await resolve(alias)) !== roomId) {
      throw new MatrixError(400, 'M_BAD_ALIAS', `The alias ${alias} does not point to this room.`)
    }
  }
}

function aliasesIn(content: JsonObject): unknown[] {
  const alias = own(content, 'alias') ?? null
  const alternatives = own(content, 'alt_aliases') ?? []
  return [
    ...(alias === null || alias === '' ? [] : [alias]),
    ...(Array.isArray(alternatives) ? alternatives : [alternatives]),
  ]
}
