import { type MatrixClient, type Room, RoomEvent } from 'matrix-js-sdk'
import type { Dispose } from '#lib/disposables.ts'

async function forgetMembers(client: MatrixClient, room: Room): Promise<void> {
  const wereLoaded = room.membersLoaded()
  await room.clearLoadedMembersIfNeeded()
  await client.store.clearOutOfBandMembers(room.roomId)
  if (wereLoaded) await room.loadMembersIfNeeded()
}

/**
 * Fetches the members of a room again when the server left out part of its history. With lazily
 * loaded members nobody tells who came and went in such a gap, yet the SDK goes on believing that
 * it knows everyone. https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
export function reloadMembersAfterGaps(client: MatrixClient): Dispose {
  const onReset = (room: Room | undefined): void => {
    if (room === undefined || !client.isInitialSyncComplete()) return
    // Without an answer the list stays incomplete until the room is opened the next time.
    forgetMembers(client, room).catch(() => undefined)
  }
  client.on(RoomEvent.TimelineReset, onReset)
  return () => client.off(RoomEvent.TimelineReset, onReset)
}
