import type { StoredEvent } from '#log/types.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import { hasUrl, listTest, typeTest } from '#services/filters/index.ts'
import type { EventFilter, Filter, RoomEventFilter } from '#services/filters/index.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

/** Picks events of one part of the answer. */
export interface EventMatcher {
  /** True when it lets everything pass. */
  readonly all: boolean
  readonly type: (type: string) => boolean
  readonly event: (event: StoredEvent) => boolean
  readonly room: (roomId: RoomId) => boolean
}

/** A filter made ready for many events. */
export interface SyncFilter {
  readonly format: 'client' | 'federation'
  readonly accountData: EventMatcher
  /** Whose presence passes. */
  readonly presence: (sender: UserId) => boolean
  /** False: nothing of the room appears anywhere. */
  room(roomId: RoomId): boolean
  readonly timeline: EventMatcher
  readonly timelineLimit: number
  readonly state: EventMatcher
  readonly ephemeral: EventMatcher
  readonly roomAccountData: EventMatcher
  readonly includeLeave: boolean
  readonly lazyMembers: boolean
  readonly redundantMembers: boolean
  readonly threadCounts: boolean
}

const compiled = new WeakMap<Filter, SyncFilter>()

/** Compiles a filter; the same parsed filter is compiled once. */
export function syncFilter(filter: Filter): SyncFilter {
  const known = compiled.get(filter)
  if (known !== undefined) return known
  const made = compile(filter)
  compiled.set(filter, made)
  return made
}

function compile(filter: Filter): SyncFilter {
  const room = filter.room ?? {}
  return {
    format: filter.event_format ?? 'client',
    accountData: matcher(filter.account_data),
    presence: presenceTest(filter.presence),
    room: roomTest(room),
    timeline: matcher(room.timeline),
    timelineLimit: Math.min(room.timeline?.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
    state: matcher(room.state),
    ephemeral: matcher(room.ephemeral),
    roomAccountData: matcher(room.account_data),
    includeLeave: room.include_leave ?? false,
    lazyMembers: room.state?.lazy_load_members ?? false,
    redundantMembers: room.state?.include_redundant_members ?? false,
    threadCounts: room.timeline?.unread_thread_notifications ?? false,
  }
}

function presenceTest(filter: EventFilter = {}): (sender: UserId) => boolean {
  if (!typeTest(filter)('m.presence')) return () => false
  return listTest(filter.senders, filter.not_senders)
}

function matcher(filter: EventFilter | RoomEventFilter = {}): EventMatcher {
  const type = typeTest(filter)
  const sender = listTest(filter.senders, filter.not_senders)
  const url = 'contains_url' in filter ? filter.contains_url : undefined
  return {
    all: !restricts(filter),
    type,
    event: (event) =>
      type(event.type) && sender(event.senderId) && (url === undefined || hasUrl(event) === url),
    room: roomTest(filter),
  }
}

function restricts(filter: EventFilter & RoomEventFilter): boolean {
  const { types, not_types, senders, not_senders, rooms, not_rooms, contains_url } = filter
  const all = [types, not_types, senders, not_senders, rooms, not_rooms, contains_url]
  return all.some((condition) => condition !== undefined)
}

function roomTest(filter: RoomEventFilter): (roomId: RoomId) => boolean {
  return listTest(filter.rooms, filter.not_rooms)
}
