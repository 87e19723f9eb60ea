import type { RoomInfo } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import type { RoomAlias } from '#matrix/ids.ts'
import { own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Sending } from '#services/sending/index.ts'
import type { Requester } from '#services/sessions/index.ts'

interface Deps {
  readonly roomStates: Pick<RoomStates, 'currentOf'>
  readonly sending: Pick<Sending, 'send'>
}

const TYPE = 'm.room.canonical_alias'

/**
 * Takes an alias that is gone out of the room's `m.room.canonical_alias`. Where the user may not, the
 * event stays as it is: the alias is gone all the same.
 */
export async function mendCanonicalAlias(
  requester: Requester,
  room: RoomInfo,
  alias: RoomAlias,
  { roomStates, sending }: Deps,
): Promise<void> {
  const current = await roomStates.currentOf(room.key, TYPE, '')
  const content = current && without(current.roomEvent().content, alias)
  if (content === undefined) return
  try {
    await sending.send({
      sender: { key: requester.user, userId: requester.userId, local: true },
      device: requester.device,
      roomId: room.roomId,
      type: TYPE,
      stateKey: '',
      content,
    })
  } catch (error) {
    if (!(error instanceof MatrixError)) throw error
  }
}

/** The content without the alias; undefined when it does not name it. */
function without(content: JsonObject, alias: RoomAlias): JsonObject | undefined {
  const others = own(content, 'alt_aliases')
  const isMain = own(content, 'alias') === alias
  const isOther = Array.isArray(others) && others.includes(alias)
  if (!isMain && !isOther) return undefined
  const entries = Object.entries(content).filter(([key]) => !(isMain && key === 'alias'))
  return Object.fromEntries(
    entries.map(([key, value]): [string, JsonValue] =>
      key === 'alt_aliases' && Array.isArray(value)
        ? [key, value.filter((entry) => entry !== alias)]
        : [key, value],
    ),
  )
}
