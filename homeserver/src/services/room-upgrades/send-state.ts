import type { RoomId } from '#matrix/ids.ts'
import type { Actor } from '#services/membership/index.ts'
import type { NewRoomEvent, Sending } from '#services/sending/index.ts'

/** Events on their way at the same time: many fit into one batch of the log. */
const AT_ONCE = 16

/**
 * Sends state events in a room, in no particular order.
 * @throws {MatrixError} 403 when one is not allowed
 */
export async function sendState(
  { user, userId, device }: Actor,
  roomId: RoomId,
  events: readonly NewRoomEvent[],
  sending: Sending,
): Promise<void> {
  const sender = { key: user, userId, local: true }
  for (let at = 0; at < events.length; at += AT_ONCE) {
    await Promise.all(
      events
        .slice(at, at + AT_ONCE)
        .map((event) => sending.send({ sender, device, roomId, ...event })),
    )
  }
}
