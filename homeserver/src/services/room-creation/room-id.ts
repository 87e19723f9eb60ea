import { parseRoomId, type RoomId, type ServerName } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { Rng } from '#platform/rng.ts'

/** Length of the opaque part of room IDs up to room version 11. */
const ROOM_ID_LENGTH = 18

/** An ID for a new room; undefined where the create event's hash is the ID. */
export function newRoomId(
  version: RoomVersion,
  rng: Rng,
  serverName: ServerName,
): RoomId | undefined {
  if (version.roomIdIsCreateHash) return undefined
  return parseRoomId(`!${rng.id(ROOM_ID_LENGTH)}:${serverName}`)
}
