import { parseLevel } from '#matrix/auth-rules/level.ts'
import { MatrixError } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { Actor } from '#services/membership/index.ts'
import type { NewRoomEvent, Sending } from '#services/sending/index.ts'
import type { OldRoom } from './old-room.ts'
import { sendState } from './send-state.ts'

/** The least level for sending and inviting in a room that has been replaced. */
const MODERATOR = 50

/**
 * Tells the members of the old room where to go, unless somebody has told them otherwise since it was
 * read.
 * @throws {MatrixError} 403 when the actor may not send `m.room.tombstone` any more
 */
export async function nameSuccessor(
  { user, userId, device }: Actor,
  old: OldRoom,
  successor: RoomId,
  sending: Sending,
): Promise<void> {
  const content = { body: 'This room has been replaced.', replacement_room: successor }
  await sending.send({
    sender: { key: user, userId, local: true },
    device,
    roomId: old.info.roomId,
    ...state('m.room.tombstone', content),
    keep: ({ eventId }) => eventId !== old.tombstone?.eventId,
  })
}

/**
 * Makes the old room as quiet as the actor can.
 * @param aliases what its `m.room.canonical_alias` is to say
 */
export async function quietOldRoom(
  actor: Actor,
  old: OldRoom,
  aliases: JsonObject | undefined,
  sending: Sending,
): Promise<void> {
  const { roomId } = old.info
  const levels = quietLevels(old)
  for (const event of [
    ...(aliases === undefined ? [] : [state('m.room.canonical_alias', aliases)]),
    ...(levels === undefined ? [] : [state('m.room.power_levels', levels)]),
  ]) {
    try {
      await sendState(actor, roomId, [event], sending)
    } catch (error) {
      // whoever may replace a room may not always do this as well; it is done where possible
      if (!(error instanceof MatrixError) || error.status !== 403) throw error
    }
  }
}

const state = (type: string, content: JsonObject): NewRoomEvent => ({ type, stateKey: '', content })

/**
 * The old room's levels with those for sending and inviting raised. A room without power levels is left
 * alone: its creator would lose theirs.
 */
function quietLevels({ powerLevels, info }: OldRoom): JsonObject | undefined {
  if (powerLevels === undefined) return undefined
  const { content } = powerLevels
  const level = (name: string): number => parseLevel(own(content, name), info.version) ?? 0
  const least = Math.max(MODERATOR, level('users_default') + 1)
  return {
    ...content,
    events_default: Math.max(least, level('events_default')),
    invite: Math.max(least, level('invite')),
  }
}
