import type { Dispose } from '#lib/disposables.ts'
import type { Member, Person } from './people.ts'
import type { RoomSummary } from './rooms.ts'
import type { Timeline } from './timeline.ts'

/** What may change in a conversation. */
export type ConversationTopic = 'timeline' | 'receipts' | 'typing' | 'members' | 'room'

/** What this account may do in a room. */
export interface Permissions {
  readonly send: boolean
  readonly invite: boolean
  readonly setName: boolean
  readonly setTopic: boolean
}

/** A joined room. Actions reject with a Failure unless they say otherwise. */
export interface Conversation {
  readonly roomId: string
  readonly userId: string
  onChanged(topic: ConversationTopic, listener: () => void): Dispose

  room(): RoomSummary
  permissions(): Permissions
  timeline(): Timeline
  /** Loads about `limit` older events; resolves when they are part of the timeline. */
  loadOlder(limit: number): Promise<void>

  /** The last event this account has read. */
  readUpTo(): string | undefined
  /** Who else has read up to which event of the timeline. */
  receipts(): ReadonlyMap<string, readonly Person[]>
  markRead(eventId: string): Promise<void>

  /** Others who are writing at the moment. */
  typing(): readonly Person[]
  /** Tells the others whether this person is writing. Never rejects. */
  setTyping(typing: boolean): void

  members(): readonly Member[]
  /** Fetches the members the server left out so far. */
  loadMembers(): Promise<void>

  /** Shows the message at once. A failure is shown on the message, so this never rejects. */
  sendText(text: string, replyTo: string | undefined): void
  /** Replaces the text of an own message. Never rejects; as sendText. */
  editText(eventId: string, text: string): void
  /** Sends a failed message again. */
  retry(eventId: string): void
  /** Takes back a message that was never sent. */
  discard(eventId: string): void
  redact(eventId: string): Promise<void>

  invite(userId: string): Promise<void>
  setName(name: string): Promise<void>
  setTopic(topic: string): Promise<void>
  leave(): Promise<void>
}
