import {
  EventType,
  KnownMembership,
  NotificationCountType,
  type Room,
  type RoomNameState,
  RoomNameType,
} from 'matrix-js-sdk'
import type { RoomSummary } from '../model/rooms.ts'
import { inviterOf, readableName } from './people.ts'
import { contentText } from './timeline-events.ts'

/** The topic of a room, or an empty string. */
function topicOf(room: Room): string {
  const event = room.currentState.getStateEvents(EventType.RoomTopic, '')
  return event === null ? '' : contentText(event, 'topic')
}

/**
 * Names a room without a name after its people, with readable names. Null leaves other cases to
 * the SDK. https://spec.matrix.org/v1.19/client-server-api/#calculating-the-display-name-for-a-room
 */
export function nameRoom(_roomId: string, state: RoomNameState): string | null {
  if (state.type !== RoomNameType.Generated || state.subtype !== undefined) return null
  const names = state.names.map((name) => (name.startsWith('@') ? readableName(name) : name))
  const more = state.count - names.length
  return names.length === 0 ? null : names.join(', ') + (more > 0 ? ` +${more}` : '')
}

const SPEECH: readonly string[] = [EventType.RoomMessage, EventType.RoomMessageEncrypted]

/** When something was last said; in a silent room, when the account came in. */
function lastSaid(room: Room, userId: string): number {
  const events = room.getLiveTimeline().getEvents()
  const said = events.findLast((event) => SPEECH.includes(event.getType()))
  const arrival = room.currentState.getStateEvents(EventType.RoomMember, userId)
  return (said ?? arrival)?.getTs() ?? 0
}

/** A room as the room list shows it. */
export function summarise(room: Room, userId: string): RoomSummary {
  const invited = room.getMyMembership() === KnownMembership.Invite
  return {
    id: room.roomId,
    name: room.name,
    topic: topicOf(room),
    membership: invited ? 'invite' : 'join',
    unread: room.getUnreadNotificationCount(NotificationCountType.Total),
    highlights: room.getUnreadNotificationCount(NotificationCountType.Highlight),
    lastActivity: lastSaid(room, userId),
    memberCount: room.getJoinedMemberCount(),
    inviter: invited ? inviterOf(room, userId) : undefined,
  }
}
