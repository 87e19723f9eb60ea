import type { Conversation, TimelineEvent } from '#data/index.ts'
import { ViewModel } from '#lib/view-model.ts'
import type { Platform } from '#platform/platform.ts'
import { TypingNotifier } from './typing-notifier.ts'

type Message = Extract<TimelineEvent, { kind: 'message' }>

/** What the text will become: a new message, an answer or a new wording. */
export type ComposerMode =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'reply' | 'edit'
      readonly eventId: string
      readonly name: string
      readonly quote: string
    }

export interface ComposerState {
  readonly roomName: string
  readonly text: string
  readonly mode: ComposerMode
  readonly maySend: boolean
}

interface Dependencies {
  readonly conversation: Conversation
  readonly platform: Pick<Platform, 'now' | 'schedule'>
  /** Texts begun but not sent, by room; they survive a change of rooms. */
  readonly drafts: Map<string, string>
}

const NEW: ComposerMode = { kind: 'new' }

/** The field in which messages are written. */
export class ComposerViewModel extends ViewModel<ComposerState> {
  readonly #conversation: Conversation
  readonly #drafts: Map<string, string>
  readonly #typing: TypingNotifier

  constructor({ conversation, platform, drafts }: Dependencies) {
    super({
      roomName: conversation.room().name,
      text: drafts.get(conversation.roomId) ?? '',
      mode: NEW,
      maySend: conversation.permissions().send,
    })
    this.#conversation = conversation
    this.#drafts = drafts
    this.#typing = new TypingNotifier({
      send: (typing) => conversation.setTyping(typing),
      now: () => platform.now(),
      schedule: (task, delay) => platform.schedule(task, delay),
    })
    this.disposables.add(() => this.#typing.stop())
    this.disposables.add(
      conversation.onChanged('room', () =>
        this.merge({
          roomName: conversation.room().name,
          maySend: conversation.permissions().send,
        }),
      ),
    )
  }

  setText(text: string): void {
    this.merge({ text })
    if (this.state.mode.kind !== 'edit') this.#drafts.set(this.#conversation.roomId, text)
    this.#typing.changed(text)
  }

  /** Answers a message. The text typed so far stays. */
  reply(eventId: string): void {
    const message = this.#message(eventId)
    if (message === undefined) return
    const { name } = message.sender
    this.merge({ mode: { kind: 'reply', eventId, name, quote: message.text } })
  }

  /** Loads an own message for changing it. */
  edit(eventId: string): void {
    const message = this.#message(eventId)
    if (message === undefined || !message.own) return
    const text = message.style === 'emote' ? `/me ${message.text}` : message.text
    this.merge({
      mode: { kind: 'edit', eventId, name: message.sender.name, quote: message.text },
      text,
    })
  }

  /** Loads the last own message, as the Up key in an empty field asks for. */
  editLast(): boolean {
    const { events } = this.#conversation.timeline()
    const last = events.findLast(
      (event) =>
        event.kind === 'message' &&
        event.own &&
        event.status === 'sent' &&
        event.style !== 'notice',
    )
    if (last === undefined) return false
    this.edit(last.id)
    return true
  }

  /** Goes back to writing a new message. */
  cancelMode(): void {
    const wasEdit = this.state.mode.kind === 'edit'
    const draft = this.#drafts.get(this.#conversation.roomId) ?? ''
    this.merge({ mode: NEW, ...(wasEdit ? { text: draft } : {}) })
    if (wasEdit) this.#typing.stop()
  }

  /** Sends what was typed; whether there was something to send. */
  send(): boolean {
    const { text, mode, maySend } = this.state
    const trimmed = text.trim()
    if (trimmed === '' || !maySend) return false
    if (mode.kind === 'edit') this.#sendEdit(mode.eventId, mode.quote, trimmed)
    else this.#conversation.sendText(trimmed, mode.kind === 'reply' ? mode.eventId : undefined)
    this.#typing.stop()
    if (mode.kind === 'edit') {
      this.cancelMode()
    } else {
      this.#drafts.delete(this.#conversation.roomId)
      this.merge({ text: '', mode: NEW })
    }
    return true
  }

  #sendEdit(eventId: string, before: string, text: string): void {
    if (text !== before) this.#conversation.editText(eventId, text)
  }

  #message(eventId: string): Message | undefined {
    const found = this.#conversation.timeline().events.find((event) => event.id === eventId)
    return found?.kind === 'message' ? found : undefined
  }
}
