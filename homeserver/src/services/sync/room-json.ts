import type { RoomUnread } from '#services/push-rules/index.ts'
import type { Answer } from './answer.ts'
import type { StateField } from './types.ts'

/** The parts of a joined or left room, as texts; lists come without brackets. */
export interface RoomParts {
  readonly timeline: string
  readonly limited: boolean
  readonly prevBatch: string | undefined
  readonly stateField: StateField
  readonly state: string
  readonly accountData: string
}

/** What only joined rooms have. */
export interface JoinedParts extends RoomParts {
  readonly ephemeral: string
  readonly summary: string | undefined
  readonly unread: RoomUnread | undefined
  /** Counts of threads are given apart from the main timeline's. */
  readonly threadCounts: boolean
}

/** A room under `rooms.leave`. */
export function leftRoomJson(parts: RoomParts): string {
  return `{${commonJson(parts)}}`
}

/** A room under `rooms.join`. */
export function joinedRoomJson(parts: JoinedParts): string {
  const summary = parts.summary === undefined ? '' : `,"summary":${parts.summary}`
  const unread = parts.unread === undefined ? '' : unreadJson(parts.unread, parts.threadCounts)
  return `{${commonJson(parts)},"ephemeral":{"events":[${parts.ephemeral}]}${summary}${unread}}`
}

function commonJson(parts: RoomParts): string {
  const prev = parts.prevBatch === undefined ? '' : `,"prev_batch":"${parts.prevBatch}"`
  return (
    `"timeline":{"events":[${parts.timeline}],"limited":${parts.limited}${prev}},` +
    `"${parts.stateField}":{"events":[${parts.state}]},` +
    `"account_data":{"events":[${parts.accountData}]}`
  )
}

function unreadJson(unread: RoomUnread, threadCounts: boolean): string {
  const room = threadCounts ? unread.main : unread.total
  let json = `,"unread_notifications":${countsJson(room)}`
  if (threadCounts && unread.threads.size > 0) {
    const threads = Array.from(
      unread.threads,
      ([root, counts]) => `${JSON.stringify(root)}:${countsJson(counts)}`,
    )
    json += `,"unread_thread_notifications":{${threads.join(',')}}`
  }
  return json
}

function countsJson({ notifications, highlights }: RoomUnread['main']): string {
  return `{"notification_count":${notifications},"highlight_count":${highlights}}`
}

/** A room of each kind is a list of `"id": {…}` members. */
export interface RoomSections {
  readonly join: string[]
  readonly invite: string[]
  readonly knock: string[]
  readonly leave: string[]
}

/** The whole answer; parts without content are left out. */
export function answerJson(nextBatch: string, answer: Answer): string {
  const { rooms, accountData, toDevice, presence } = answer
  const sections = (['join', 'invite', 'knock', 'leave'] as const)
    .filter((name) => rooms[name].length > 0)
    .map((name) => `"${name}":{${rooms[name].join(',')}}`)
  const inRooms = sections.length === 0 ? '' : `,"rooms":{${sections.join(',')}}`
  const presences = presence === undefined ? [] : [...presence.events, ...presence.repeated]
  const outside =
    listJson('account_data', accountData) +
    listJson('presence', presences) +
    listJson('to_device', toDevice.events)
  return (
    `{"next_batch":"${nextBatch}"${inRooms}${outside},` +
    '"device_one_time_keys_count":{},"device_unused_fallback_key_types":[]}'
  )
}

const listJson = (name: string, events: readonly string[]): string =>
  events.length === 0 ? '' : `,"${name}":{"events":[${events.join(',')}]}`
