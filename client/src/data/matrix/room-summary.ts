import { EventType, KnownMembership, NotificationCountType, type Room } from 'matrix-js-sdk'
import type { RoomSummary } from '../model/rooms.ts'
import { inviterOf } from './people.ts'
import { contentText } from './timeline-events.ts'

/** The topic of a room, or an empty string. */
function topicOf(room: Room): string {
  const event = room.currentState.getStateEvents(EventType.RoomTopic, '')
  return event === null ? '' : contentText(event, 'topic')
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
    lastActivity: room.getLastActiveTimestamp(),
    memberCount: room.getJoinedMemberCount(),
    inviter: invited ? inviterOf(room, userId) : undefined,
  }
}
