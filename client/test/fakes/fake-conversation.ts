import type {
  Conversation,
  ConversationTopic,
  Member,
  Permissions,
  Person,
  RoomSummary,
  Timeline,
  TimelineEvent,
} from '#data/index.ts'
import type { Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import { summary } from './summaries.ts'

const TOPICS = ['timeline', 'receipts', 'typing', 'members', 'room'] as const

/** A room held in memory. Tests change its fields and then call `emit`. */
export class FakeConversation implements Conversation {
  readonly roomId = '!room'
  readonly userId = '@me:hearth.example'
  readonly calls: string[] = []
  events: TimelineEvent[] = []
  /** Events the server has and has not handed out yet, oldest first. */
  history: TimelineEvent[] = []
  read: string | undefined
  people: readonly Member[] = []
  typists: readonly Person[] = []
  readers: ReadonlyMap<string, readonly Person[]> = new Map()
  may: Permissions = { send: true, invite: true, setName: true, setTopic: true }
  summary: RoomSummary = summary({ id: '!room', name: 'Kitchen' })
  /** Thrown by the next action, once. */
  failure: Error | undefined
  readonly #emitters = new Map(TOPICS.map((topic) => [topic, new Emitter()]))

  emit(topic: ConversationTopic): void {
    this.#emitters.get(topic)?.emit()
  }

  onChanged(topic: ConversationTopic, listener: () => void): Dispose {
    return this.#emitters.get(topic)?.subscribe(listener) ?? (() => undefined)
  }

  room = (): RoomSummary => this.summary
  permissions = (): Permissions => this.may
  timeline = (): Timeline => ({ events: this.events, hasOlder: this.history.length > 0 })
  readUpTo = (): string | undefined => this.read
  receipts = (): ReadonlyMap<string, readonly Person[]> => this.readers
  typing = (): readonly Person[] => this.typists
  members = (): readonly Member[] => this.people

  async loadOlder(limit: number): Promise<void> {
    await this.#act(`loadOlder ${limit}`)
    this.events = [...this.history.splice(-limit), ...this.events]
  }

  markRead = (eventId: string): Promise<void> => this.#act(`markRead ${eventId}`)
  loadMembers = (): Promise<void> => this.#act('loadMembers')
  redact = (eventId: string): Promise<void> => this.#act(`redact ${eventId}`)
  invite = (userId: string): Promise<void> => this.#act(`invite ${userId}`)
  setName = (name: string): Promise<void> => this.#act(`setName ${name}`)
  setTopic = (topic: string): Promise<void> => this.#act(`setTopic ${topic}`)
  leave = (): Promise<void> => this.#act('leave')
  setTyping = (typing: boolean): void => this.#note(`setTyping ${typing}`)
  retry = (eventId: string): void => this.#note(`retry ${eventId}`)
  discard = (eventId: string): void => this.#note(`discard ${eventId}`)
  editText = (eventId: string, text: string): void => this.#note(`editText ${eventId} ${text}`)
  sendText = (text: string, replyTo: string | undefined): void =>
    this.#note(`sendText ${text}${replyTo === undefined ? '' : ` -> ${replyTo}`}`)

  #note(call: string): void {
    this.calls.push(call)
  }

  async #act(call: string): Promise<void> {
    this.calls.push(call)
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
    await Promise.resolve()
  }
}
