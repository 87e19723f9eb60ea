import type { LogReads } from '#log/reads.ts'
import type { RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'

const VISIBILITY = 'm.room.history_visibility'

/**
 * Splits events by whether the user may see everything that relates to them, without looking at it:
 * because they have been joined since, or because the room's history has always been open to members.
 */
export async function splitOpen(
  events: readonly StoredEvent[],
  user: UserKey,
  deps: {
    readonly reads: Pick<LogReads, 'membershipsOf'>
    readonly roomStates: Pick<RoomStates, 'currentOfMany' | 'firstOfKey'>
  },
): Promise<{ open: StoredEvent[]; doubtful: StoredEvent[] }> {
  const rows = await deps.reads.membershipsOf(user)
  const open: StoredEvent[] = []
  const doubtful: StoredEvent[] = []
  const older: StoredEvent[] = []
  for (const event of events) {
    const row = rows.get(event.room)
    if (row?.membership !== 'join') doubtful.push(event)
    else if (event.pos >= row.pos) open.push(event)
    else older.push(event)
  }
  const rooms = await openRooms([...new Set(older.map(({ room }) => room))], deps.roomStates)
  for (const event of older) (rooms.has(event.room) ? open : doubtful).push(event)
  return { open, doubtful }
}

/** Rooms whose only `m.room.history_visibility` shows all of the history to members. */
async function openRooms(
  rooms: readonly RoomKey[],
  roomStates: Pick<RoomStates, 'currentOfMany' | 'firstOfKey'>,
): Promise<Set<RoomKey>> {
  if (rooms.length === 0) return new Set()
  const states = await roomStates.currentOfMany(rooms, [{ type: VISIBILITY, stateKey: '' }])
  const events = Array.from(states.values()).flat()
  const firsts = await roomStates.firstOfKey(events.map(({ pos }) => pos))
  const open = new Set(rooms)
  for (const event of events) {
    const value = own(event.roomEvent().content, 'history_visibility')
    const isOpen = value === 'shared' || value === 'world_readable'
    if (!isOpen || !firsts.has(event.pos)) open.delete(event.room)
  }
  return open
}
