import type { Person } from './people.ts'

/** What happened to a room, apart from messages. */
export type StateChange =
  | { readonly type: 'created' }
  | { readonly type: 'joined' | 'left' | 'declined' | 'knocked'; readonly who: Person }
  | {
      readonly type: 'invited' | 'kicked' | 'banned' | 'unbanned' | 'uninvited'
      readonly who: Person
      readonly reason: string
    }
  | { readonly type: 'name-changed'; readonly from: string; readonly to: string }
  | { readonly type: 'room-named'; readonly name: string }
  | { readonly type: 'topic-set'; readonly topic: string }
  | {
      readonly type:
        | 'avatar-changed'
        | 'room-avatar-changed'
        | 'encryption-enabled'
        | 'permissions-changed'
        | 'upgraded'
        | 'pins-changed'
    }
  | { readonly type: 'access-changed'; readonly rule: string }

/** How far a message of this device has got. */
export type SendStatus = 'sending' | 'sent' | 'failed'

/** The message another one answers. */
export interface ReplyTarget {
  readonly eventId: string
  readonly sender: Person | undefined
  readonly text: string | undefined
}

interface TimelineBase {
  /** Stays the same from local echo to the server's copy. */
  readonly key: string
  /** The event id; a made-up one while `status` is not `sent`. */
  readonly id: string
  readonly sender: Person
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** Whether this account sent it. */
  readonly own: boolean
}

/** Something a person said. */
export interface MessageEvent extends TimelineBase {
  readonly kind: 'message'
  readonly style: 'text' | 'notice' | 'emote'
  readonly text: string
  readonly edited: boolean
  readonly replyTo: ReplyTarget | undefined
  readonly status: SendStatus
  /** The server's sentence when sending failed. */
  readonly error: string
  readonly canRedact: boolean
}

/** A message that cannot be shown, with the reason. */
export interface HiddenEvent extends TimelineBase {
  readonly kind: 'redacted' | 'encrypted' | 'unsupported'
  /** For unsupported ones what the sender offered as a description. */
  readonly text: string
}

/** A change of the room. */
export interface StateEvent extends TimelineBase {
  readonly kind: 'state'
  readonly change: StateChange
}

export type TimelineEvent = MessageEvent | HiddenEvent | StateEvent

/** The loaded part of a room's history, oldest first. */
export interface Timeline {
  readonly events: readonly TimelineEvent[]
  /** Whether the server has older events that are not loaded. */
  readonly hasOlder: boolean
}
