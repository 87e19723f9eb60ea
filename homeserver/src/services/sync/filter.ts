import type { StoredEvent } from '#log/types.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import { maybeJson } from '#matrix/events/maybe-json.ts'
import { isJsonObject } from '#matrix/json.ts'
import { hasUrl, listTest, typeTest } from '#services/filters/index.ts'
import type { EventFilter, Filter, RoomEventFilter } from '#services/filters/index.ts'
import { fieldPicker, type FieldPicker } from './event-fields.ts'

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

/** Picks what is told but has no sender: account data, typing, receipts. */
export interface DataMatcher {
  /** @param content JSON text; left out where it has no key that a filter could ask for */
  readonly data: (type: string, content?: string) => boolean
  readonly room: (roomId: RoomId) => boolean
}

/** In which form events are told. */
export interface EventForm {
  readonly format: 'client' | 'federation'
  /** Of events in the client format; undefined: all fields. */
  readonly fields: FieldPicker | undefined
}

/** A filter made ready for many events. Only timelines have a limit: of the rest what it left out would be lost. */
export interface SyncFilter extends EventForm {
  readonly accountData: DataMatcher
  /** Whose presence passes. */
  readonly presence: (sender: UserId) => boolean
  /** False: nothing of the room appears anywhere. */
  room(roomId: RoomId): boolean
  readonly timeline: EventMatcher
  readonly timelineLimit: number
  readonly state: EventMatcher
  readonly ephemeral: DataMatcher
  readonly roomAccountData: DataMatcher
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
    fields: filter.event_fields && fieldPicker(filter.event_fields),
    accountData: dataMatcher(filter.account_data),
    presence: presenceTest(filter.presence),
    room: roomTest(room),
    timeline: matcher(room.timeline),
    timelineLimit: Math.min(room.timeline?.limit ?? DEFAULT_LIMIT, MAX_LIMIT),
    state: matcher(room.state),
    ephemeral: dataMatcher(room.ephemeral),
    roomAccountData: dataMatcher(room.account_data),
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

/** A list of wanted senders has no place for what nobody sent. */
function dataMatcher(filter: RoomEventFilter = {}): DataMatcher {
  const type = typeTest(filter)
  const { senders, contains_url: url } = filter
  return {
    data: (name, content) =>
      type(name) && senders === undefined && (url === undefined || hasUrlKey(content) === url),
    room: roomTest(filter),
  }
}

function hasUrlKey(content: string | undefined): boolean {
  const data = content?.includes('"url"') === true ? maybeJson(content) : undefined
  return isJsonObject(data) && Object.hasOwn(data, 'url')
}

function restricts(filter: EventFilter & RoomEventFilter): boolean {
  const { types, not_types, senders, not_senders, rooms, not_rooms, contains_url } = filter
  const all = [types, not_types, senders, not_senders, rooms, not_rooms, contains_url]
  return all.some((condition) => condition !== undefined)
}

function roomTest(filter: RoomEventFilter): (roomId: RoomId) => boolean {
  return listTest(filter.rooms, filter.not_rooms)
}
