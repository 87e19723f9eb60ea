import { foldText } from '#matrix/fold-text.ts'
import { isRoomAlias } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { RoomKey } from '#log/types.ts'

/** The state that a summary is made of. */
export const SUMMARY_STATE = [
  'm.room.create',
  'm.room.name',
  'm.room.topic',
  'm.room.canonical_alias',
  'm.room.avatar',
  'm.room.join_rules',
  'm.room.history_visibility',
  'm.room.guest_access',
].map((type) => ({ type, stateKey: '' }))

/** Of a state event what a summary needs. */
interface StateContent {
  readonly type: string
  roomEvent(): { readonly content: JsonObject }
}

/** A row of `room_summaries`, but for what other tables decide. */
export interface SummaryRow {
  readonly room: RoomKey
  readonly name: string | null
  readonly topic: string | null
  readonly canonicalAlias: string | null
  readonly avatarUrl: string | null
  readonly joinRule: string
  readonly worldReadable: boolean
  readonly guestCanJoin: boolean
  readonly roomType: string | null
  /** Everybody may join the room or read it, so its members are known to everybody. */
  readonly open: boolean
  /** The published directory may show it; whom nobody may join is not shown, whatever was set once. */
  readonly listable: boolean
  readonly search: string
}

/** Rules by which people may come in of their own accord. */
const LISTABLE_RULES: ReadonlySet<string> = new Set([
  'public',
  'knock',
  'restricted',
  'knock_restricted',
])
/** So much of a topic is searched; the row stays small. */
const SEARCHED_TOPIC = 500
const NO_CONTENT: JsonObject = {}

/** What a room's current state says of it. Anything that has not the type it should have is left out. */
export function summaryRow(room: RoomKey, state: readonly StateContent[]): SummaryRow {
  const contents = new Map(state.map((event) => [event.type, event.roomEvent().content]))
  const content = (type: string): JsonObject => contents.get(type) ?? NO_CONTENT
  const name = text(own(content('m.room.name'), 'name'))
  const topic = plainTopic(content('m.room.topic'))
  const aliases = aliasesIn(content('m.room.canonical_alias'))
  const joinRule = text(own(content('m.room.join_rules'), 'join_rule')) ?? 'invite'
  const visibility = own(content('m.room.history_visibility'), 'history_visibility')
  const worldReadable = visibility === 'world_readable'
  const searched = [name, topic?.slice(0, SEARCHED_TOPIC), ...aliases.all]
  return {
    room,
    name,
    topic,
    canonicalAlias: aliases.main,
    avatarUrl: text(own(content('m.room.avatar'), 'url')),
    joinRule,
    worldReadable,
    guestCanJoin: own(content('m.room.guest_access'), 'guest_access') === 'can_join',
    roomType: text(own(content('m.room.create'), 'type')),
    open: joinRule === 'public' || worldReadable,
    listable: worldReadable || LISTABLE_RULES.has(joinRule),
    search: foldText(searched.filter((part) => typeof part === 'string').join('\n')),
  }
}

/** A text that a column can hold; null for no text at all and for an empty one. */
function text(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null
  return value.toWellFormed().replaceAll('\0', '\u{fffd}')
}

/** https://spec.matrix.org/v1.19/client-server-api/#mroomtopic */
function plainTopic(content: JsonObject): string | null {
  const rich = own(content, 'm.topic')
  const texts = isJsonObject(rich) ? own(rich, 'm.text') : undefined
  if (!Array.isArray(texts)) return text(own(content, 'topic'))
  for (const entry of texts) {
    if (!isJsonObject(entry)) continue
    const body = text(own(entry, 'body'))
    if (body !== null && (own(entry, 'mimetype') ?? 'text/plain') === 'text/plain') return body
  }
  return null
}

function aliasesIn(content: JsonObject): { main: string | null; all: string[] } {
  const main = own(content, 'alias')
  const others = own(content, 'alt_aliases')
  const all = [main, ...(Array.isArray(others) ? others : [])].filter(isAlias)
  return { main: isAlias(main) ? main : null, all }
}

const isAlias = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && isRoomAlias(value)
