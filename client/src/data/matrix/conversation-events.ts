import {
  type MatrixClient,
  type MatrixEvent,
  MatrixEventEvent,
  type Room,
  RoomEvent,
  type RoomMember,
  RoomMemberEvent,
  type RoomState,
  RoomStateEvent,
} from 'matrix-js-sdk'
import { Disposables, type Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import type { ConversationTopic } from '../model/conversation.ts'
import { coalesce } from './coalesce.ts'

const TOPICS = ['timeline', 'receipts', 'typing', 'members', 'room'] as const

/** Turns the SDK's many events about one room into a notification per topic. */
export class ConversationEvents {
  readonly #emitters = new Map(TOPICS.map((topic) => [topic, new Emitter()]))
  readonly #disposables = new Disposables()

  constructor(client: MatrixClient, room: Room) {
    const timeline = this.#notifier('timeline')
    const receipts = this.#notifier('receipts')
    const typing = this.#notifier('typing')
    const members = this.#notifier('members')
    const info = this.#notifier('room')

    for (const event of [
      RoomEvent.Timeline,
      RoomEvent.TimelineReset,
      RoomEvent.LocalEchoUpdated,
      RoomEvent.Redaction,
    ] as const) {
      room.on(event, timeline)
      this.#disposables.add(() => room.off(event, timeline))
    }
    for (const event of [RoomEvent.Receipt, RoomEvent.AccountData] as const) {
      room.on(event, receipts)
      this.#disposables.add(() => room.off(event, receipts))
    }
    for (const event of [RoomEvent.Name, RoomEvent.Summary, RoomEvent.MyMembership] as const) {
      room.on(event, info)
      this.#disposables.add(() => room.off(event, info))
    }
    const onReplaced = (event: MatrixEvent): void => {
      if (event.getRoomId() === room.roomId) timeline()
    }
    const onTyping = (_event: MatrixEvent, member: RoomMember): void => {
      if (member.roomId === room.roomId) typing()
    }
    const onState = (state: RoomState): void => {
      if (state.roomId !== room.roomId) return
      members()
      info()
      timeline()
    }
    client.on(MatrixEventEvent.Replaced, onReplaced)
    client.on(RoomMemberEvent.Typing, onTyping)
    client.on(RoomStateEvent.Update, onState)
    this.#disposables.add(() => {
      client.off(MatrixEventEvent.Replaced, onReplaced)
      client.off(RoomMemberEvent.Typing, onTyping)
      client.off(RoomStateEvent.Update, onState)
    })
  }

  subscribe(topic: ConversationTopic, listener: () => void): Dispose {
    const emitter = this.#emitters.get(topic)
    return emitter === undefined ? () => undefined : emitter.subscribe(listener)
  }

  dispose(): void {
    this.#disposables.dispose()
  }

  #notifier(topic: ConversationTopic): () => void {
    const { request, cancel } = coalesce(() => this.#emitters.get(topic)?.emit())
    this.#disposables.add(cancel)
    return request
  }
}
