import { type MatrixClient, type Room, RoomEvent } from 'matrix-js-sdk'
import type { Dispose } from '#lib/disposables.ts'

/** Asks the server who is in a room, and who no longer is. */
async function refetch(client: MatrixClient, room: Room): Promise<void> {
  const { chunk } = await client.members(room.roomId)
  const toEvent = client.getEventMapper()
  room.currentState.setStateEvents((chunk ?? []).map((event) => toEvent(event)))
}

/**
 * Completes the members of a room. What the device stored of them earlier is not trusted: with
 * lazily loaded members nobody tells who came and went while this device was away.
 * https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
export async function loadFreshMembers(client: MatrixClient, room: Room): Promise<void> {
  const fromServer = await room.loadMembersIfNeeded()
  if (!fromServer) await refetch(client, room)
}

/** Fetches members again when the server leaves out part of a room's history, for the same reason. */
export function refetchMembersAfterGaps(client: MatrixClient): Dispose {
  const onReset = (room: Room | undefined): void => {
    if (room?.membersLoaded() !== true || !client.isInitialSyncComplete()) return
    // Without an answer the list stays as it was until the room is opened the next time.
    refetch(client, room).catch(() => undefined)
  }
  client.on(RoomEvent.TimelineReset, onReset)
  return () => client.off(RoomEvent.TimelineReset, onReset)
}
