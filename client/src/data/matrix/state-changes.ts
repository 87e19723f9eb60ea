import { EventType, type MatrixEvent, type Room } from 'matrix-js-sdk'
import type { StateChange } from '../model/timeline.ts'
import { personIn } from './people.ts'

function text(content: object, field: string): string {
  const value: unknown = new Map<string, unknown>(Object.entries(content)).get(field)
  return typeof value === 'string' ? value : ''
}

function profileChange(event: MatrixEvent): StateChange | undefined {
  const from = text(event.getPrevContent(), 'displayname')
  const to = text(event.getContent(), 'displayname')
  if (from !== to) return { type: 'name-changed', from, to }
  const before = text(event.getPrevContent(), 'avatar_url')
  return before === text(event.getContent(), 'avatar_url') ? undefined : { type: 'avatar-changed' }
}

function departure(event: MatrixEvent, room: Room, before: string): StateChange {
  const target = event.getStateKey() ?? ''
  const who = personIn(room, target)
  const reason = text(event.getContent(), 'reason')
  if (event.getSender() === target) {
    return { type: before === 'invite' ? 'declined' : 'left', who }
  }
  if (before === 'ban') return { type: 'unbanned', who, reason }
  return { type: before === 'invite' ? 'uninvited' : 'kicked', who, reason }
}

// https://spec.matrix.org/v1.19/client-server-api/#mroommember
function memberChange(event: MatrixEvent, room: Room): StateChange | undefined {
  const before = text(event.getPrevContent(), 'membership')
  const who = personIn(room, event.getStateKey() ?? '')
  const reason = text(event.getContent(), 'reason')
  switch (text(event.getContent(), 'membership')) {
    case 'join':
      return before === 'join' ? profileChange(event) : { type: 'joined', who }
    case 'invite':
      return { type: 'invited', who, reason }
    case 'ban':
      return { type: 'banned', who, reason }
    case 'knock':
      return { type: 'knocked', who }
    case 'leave':
      return departure(event, room, before)
    default:
      return undefined
  }
}

/**
 * What a state event changed, or undefined when it changed nothing a person would care to read
 * (as the default settings that every new room starts with).
 */
export function stateChange(event: MatrixEvent, room: Room): StateChange | undefined {
  const isUpdate = Object.keys(event.getPrevContent()).length > 0
  switch (event.getType()) {
    case EventType.RoomCreate:
      return { type: 'created' }
    case EventType.RoomMember:
      return memberChange(event, room)
    case EventType.RoomName:
      return { type: 'room-named', name: text(event.getContent(), 'name') }
    case EventType.RoomTopic:
      return { type: 'topic-set', topic: text(event.getContent(), 'topic') }
    case EventType.RoomAvatar:
      return { type: 'room-avatar-changed' }
    case EventType.RoomEncryption:
      return { type: 'encryption-enabled' }
    case EventType.RoomPinnedEvents:
      return { type: 'pins-changed' }
    case EventType.RoomTombstone:
      return { type: 'upgraded' }
    case EventType.RoomJoinRules:
      if (!isUpdate) return undefined
      return { type: 'access-changed', rule: text(event.getContent(), 'join_rule') }
    case EventType.RoomPowerLevels:
      return isUpdate ? { type: 'permissions-changed' } : undefined
    default:
      return undefined
  }
}
