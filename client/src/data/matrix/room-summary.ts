import { EventType, KnownMembership, NotificationCountType, type Room } from 'matrix-js-sdk'
import type { RoomSummary } from '../model/rooms.ts'
import { inviterOf } from './people.ts'
import { contentText } from './timeline-events.ts'

/** The topic of a room, or an empty string. */
function topicOf(room: Room): string {
  const event = room.currentState.getStateEvents(EventType.RoomTopic, '')
  return event === null ? '' : contentText(event, 'topic')
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
