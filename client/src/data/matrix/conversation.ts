import { Direction, EventType, type MatrixClient, type Room } from 'matrix-js-sdk'
import type { Dispose } from '#lib/disposables.ts'
import type { Conversation, ConversationTopic, Permissions } from '../model/conversation.ts'
import type { Member, Person } from '../model/people.ts'
import type { RoomSummary } from '../model/rooms.ts'
import type { Timeline, TimelineEvent } from '../model/timeline.ts'
import { ConversationEvents } from './conversation-events.ts'
import { guarded } from './failures.ts'
import { loadFreshMembers } from './fresh-members.ts'
import { editContent, replyContent, textContent } from './message-content.ts'
import { membersOf, personIn } from './people.ts'
import { receiptsIn } from './receipts.ts'
import { summarise } from './room-summary.ts'
import { timelineEvent } from './timeline-events.ts'

const TYPING_TIMEOUT_MS = 20_000

/** One joined room of an SDK client. */
export class MatrixConversation implements Conversation {
  readonly roomId: string
  readonly userId: string
  readonly #client: MatrixClient
  readonly #room: Room
  readonly #events: ConversationEvents

  constructor(client: MatrixClient, room: Room) {
    this.#client = client
    this.#room = room
    this.roomId = room.roomId
    this.userId = client.getSafeUserId()
    this.#events = new ConversationEvents(client, room)
  }

  onChanged(topic: ConversationTopic, listener: () => void): Dispose {
    return this.#events.subscribe(topic, listener)
  }

  room(): RoomSummary {
    return summarise(this.#room, this.userId)
  }

  permissions(): Permissions {
    const state = this.#room.currentState
    return {
      send: this.#room.maySendMessage(),
      invite: this.#room.canInvite(this.userId),
      setName: state.maySendStateEvent(EventType.RoomName, this.userId),
      setTopic: state.maySendStateEvent(EventType.RoomTopic, this.userId),
    }
  }

  timeline(): Timeline {
    const live = this.#room.getLiveTimeline()
    const events = live
      .getEvents()
      .map((event) => timelineEvent(event, this.#room, this.userId))
      .filter((event): event is TimelineEvent => event !== undefined)
    return { events, hasOlder: live.getPaginationToken(Direction.Backward) !== null }
  }

  async loadOlder(limit: number): Promise<void> {
    const live = this.#room.getLiveTimeline()
    await guarded(this.#client.paginateEventTimeline(live, { backwards: true, limit }))
  }

  readUpTo(): string | undefined {
    return this.#room.getEventReadUpTo(this.userId) ?? undefined
  }

  receipts(): ReadonlyMap<string, readonly Person[]> {
    const shown = new Set(this.timeline().events.map((event) => event.id))
    return receiptsIn(this.#room, shown, this.userId)
  }

  async markRead(eventId: string): Promise<void> {
    const event = this.#room.findEventById(eventId)
    if (event === undefined) return
    await guarded(this.#client.setRoomReadMarkers(this.roomId, eventId, event))
  }

  typing(): readonly Person[] {
    return this.#room
      .getMembers()
      .filter((member) => member.typing && member.userId !== this.userId)
      .map((member) => personIn(this.#room, member.userId))
  }

  setTyping(typing: boolean): void {
    // The others merely miss a hint when this fails.
    this.#client.sendTyping(this.roomId, typing, TYPING_TIMEOUT_MS).catch(() => undefined)
  }

  members(): readonly Member[] {
    return membersOf(this.#room)
  }

  async loadMembers(): Promise<void> {
    await guarded(loadFreshMembers(this.#client, this.#room))
  }

  sendText(text: string, replyTo: string | undefined): void {
    const content = replyTo === undefined ? textContent(text) : replyContent(text, replyTo)
    // The SDK marks the local echo as failed, which is where the person sees it.
    this.#client.sendMessage(this.roomId, content).catch(() => undefined)
  }

  editText(eventId: string, text: string): void {
    this.#client.sendMessage(this.roomId, editContent(text, eventId)).catch(() => undefined)
  }

  retry(eventId: string): void {
    const event = this.#room.findEventById(eventId)
    if (event !== undefined) this.#client.resendEvent(event, this.#room).catch(() => undefined)
  }

  discard(eventId: string): void {
    const event = this.#room.findEventById(eventId)
    if (event !== undefined) this.#client.cancelPendingEvent(event)
  }

  async redact(eventId: string): Promise<void> {
    await guarded(this.#client.redactEvent(this.roomId, eventId))
  }

  async invite(userId: string): Promise<void> {
    await guarded(this.#client.invite(this.roomId, userId))
  }

  async setName(name: string): Promise<void> {
    await guarded(this.#client.setRoomName(this.roomId, name))
  }

  async setTopic(topic: string): Promise<void> {
    await guarded(this.#client.setRoomTopic(this.roomId, topic))
  }

  async leave(): Promise<void> {
    await guarded(this.#client.leave(this.roomId))
  }

  dispose(): void {
    this.#events.dispose()
  }
}
