import type { RoomEvent } from '../events/pdu.ts'
import { own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { propertyReader } from './event-property.ts'
import { wholeGlob, wordGlob, wordLiteral } from './glob.ts'

/** What decides who may notify the whole room. */
export interface NotificationLevels {
  levelOf(userId: string): number
  /** The level required by `notifications.<key>`; 50 when the room does not say. */
  notificationLevel(key: string): number
}

/** What conditions look at besides the event. */
export interface RoomContext {
  /** Joined members of the room. */
  readonly memberCount: number
  readonly levels: NotificationLevels
  /** The user's display name in the room, for the old condition `contains_display_name`. */
  readonly displayName?: string | undefined
}

/** A compiled condition. */
export type Condition = (event: RoomEvent, room: RoomContext) => boolean

const never: Condition = () => false

/**
 * Compiles a condition of a rule. One that is unknown or damaged never matches.
 * https://spec.matrix.org/v1.19/client-server-api/#conditions-1
 */
export function compileCondition(condition: JsonObject): Condition {
  switch (own(condition, 'kind')) {
    case 'event_match':
      return eventMatch(text(condition, 'key'), text(condition, 'pattern'))
    case 'event_property_is':
      return eventPropertyIs(text(condition, 'key'), own(condition, 'value'))
    case 'event_property_contains':
      return eventPropertyContains(text(condition, 'key'), own(condition, 'value'))
    case 'room_member_count':
      return roomMemberCount(text(condition, 'is'))
    case 'sender_notification_permission':
      return senderNotificationPermission(text(condition, 'key'))
    case 'contains_display_name':
      return containsDisplayName
    default:
      return never
  }
}

/** The property is a string that the glob matches; of `content.body` any words will do. */
export function eventMatch(key: string | undefined, pattern: string | undefined): Condition {
  if (key === undefined || pattern === undefined) return never
  const matches = key === 'content.body' ? wordGlob(pattern) : wholeGlob(pattern)
  const read = propertyReader(key)
  return (event) => {
    const value = read(event)
    return typeof value === 'string' && matches(value)
  }
}

function eventPropertyIs(key: string | undefined, value: JsonValue | undefined): Condition {
  if (key === undefined || !isSimple(value)) return never
  const read = propertyReader(key)
  return (event) => read(event) === value
}

function eventPropertyContains(key: string | undefined, value: JsonValue | undefined): Condition {
  if (key === undefined || !isSimple(value)) return never
  const read = propertyReader(key)
  return (event) => {
    const list = read(event)
    return Array.isArray(list) && list.includes(value)
  }
}

function roomMemberCount(is: string | undefined): Condition {
  const [, comparison = '==', digits] = /^(==|<=|>=|<|>)?(\d+)$/.exec(is ?? '') ?? []
  if (digits === undefined) return never
  const wanted = Number(digits)
  return (_event, { memberCount }) => compare(memberCount, comparison, wanted)
}

function compare(count: number, comparison: string, wanted: number): boolean {
  switch (comparison) {
    case '<':
      return count < wanted
    case '>':
      return count > wanted
    case '<=':
      return count <= wanted
    case '>=':
      return count >= wanted
    default:
      return count === wanted
  }
}

function senderNotificationPermission(key: string | undefined): Condition {
  if (key === undefined) return never
  return (event, { levels }) => levels.levelOf(event.sender) >= levels.notificationLevel(key)
}

const containsDisplayName: Condition = (event, { displayName }) => {
  const body = own(event.content, 'body')
  return (
    typeof body === 'string' &&
    displayName !== undefined &&
    displayName !== '' &&
    wordLiteral(displayName)(body)
  )
}

/** Values that can be compared: not compound, no float. */
const isSimple = (value: JsonValue | undefined): value is string | number | boolean | null =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  Number.isSafeInteger(value)

function text(condition: JsonObject, key: string): string | undefined {
  const value = own(condition, key)
  return typeof value === 'string' ? value : undefined
}
