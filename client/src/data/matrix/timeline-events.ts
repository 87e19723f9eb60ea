import { EventStatus, EventType, type MatrixEvent, RelationType, type Room } from 'matrix-js-sdk'
import type { MessageEvent, ReplyTarget, SendStatus, TimelineEvent } from '../model/timeline.ts'
import { personIn } from './people.ts'
import { stateChange } from './state-changes.ts'

const STYLES = { 'm.text': 'text', 'm.notice': 'notice', 'm.emote': 'emote' } as const
const FALLBACK = /^(?:> ?.*\n)+\n?/u

/** The string in a field of an event's content; anything else counts as empty. */
export function contentText(event: MatrixEvent, field: string): string {
  const value: unknown = event.getContent()[field]
  return typeof value === 'string' ? value : ''
}

/** The body without the quoted lines that older clients put in front of replies. */
export function stripReplyFallback(body: string): string {
  return body.replace(FALLBACK, '')
}

function sendStatus(event: MatrixEvent): SendStatus {
  switch (event.status) {
    case null:
    case EventStatus.SENT:
      return 'sent'
    case EventStatus.NOT_SENT:
    case EventStatus.CANCELLED:
      return 'failed'
    default:
      return 'sending'
  }
}

function replyTarget(event: MatrixEvent, room: Room): ReplyTarget | undefined {
  const eventId = event.replyEventId
  if (eventId === undefined) return undefined
  const target = room.findEventById(eventId)
  const sender = target?.getSender()
  if (target === undefined || sender === undefined) {
    return { eventId, sender: undefined, text: undefined }
  }
  const body = stripReplyFallback(contentText(target, 'body'))
  return { eventId, sender: personIn(room, sender), text: target.isRedacted() ? undefined : body }
}

function base(event: MatrixEvent, room: Room, userId: string) {
  const id = event.getId() ?? ''
  const sender = event.getSender() ?? ''
  return {
    key: event.getTxnId() ?? id,
    id,
    sender: personIn(room, sender),
    timestamp: event.getTs(),
    own: sender === userId,
  }
}

function message(event: MatrixEvent, room: Room, userId: string): TimelineEvent {
  const common = base(event, room, userId)
  if (event.isRedacted()) return { ...common, kind: 'redacted', text: '' }
  const style = new Map<string, MessageEvent['style']>(Object.entries(STYLES)).get(
    contentText(event, 'msgtype'),
  )
  const body = contentText(event, 'body')
  if (style === undefined) return { ...common, kind: 'unsupported', text: body }
  return {
    ...common,
    kind: 'message',
    style,
    text: event.replyEventId === undefined ? body : stripReplyFallback(body),
    edited: event.replacingEvent() !== null,
    replyTo: replyTarget(event, room),
    status: sendStatus(event),
    error: event.error?.data.error ?? '',
    canRedact: common.own || room.currentState.maySendRedactionForEvent(event, userId),
  }
}

/** An event as the timeline shows it, or undefined when it has no line of its own. */
export function timelineEvent(
  event: MatrixEvent,
  room: Room,
  userId: string,
): TimelineEvent | undefined {
  if (event.isRelation(RelationType.Replace) || event.isRelation(RelationType.Annotation)) {
    return undefined
  }
  if (event.isState()) {
    const change = stateChange(event, room)
    return change && { ...base(event, room, userId), kind: 'state', change }
  }
  switch (event.getType()) {
    case EventType.RoomMessage:
      return message(event, room, userId)
    case EventType.RoomMessageEncrypted:
      return {
        ...base(event, room, userId),
        kind: event.isRedacted() ? 'redacted' : 'encrypted',
        text: '',
      }
    default:
      return undefined
  }
}
