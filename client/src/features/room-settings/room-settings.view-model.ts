import type { Conversation } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { ViewModel } from '#lib/view-model.ts'

export interface RoomSettingsState {
  readonly roomName: string
  readonly name: string
  readonly topic: string
  readonly maySetName: boolean
  readonly maySetTopic: boolean
  readonly busy: boolean
  readonly failure: Failure | undefined
}

/** Name and topic of a room, and leaving it. */
export class RoomSettingsViewModel extends ViewModel<RoomSettingsState> {
  readonly #conversation: Conversation

  constructor(conversation: Conversation) {
    const { name, topic } = conversation.room()
    const { setName, setTopic } = conversation.permissions()
    super({
      roomName: name,
      name,
      topic,
      maySetName: setName,
      maySetTopic: setTopic,
      busy: false,
      failure: undefined,
    })
    this.#conversation = conversation
  }

  setName(name: string): void {
    this.merge({ name })
  }

  setTopic(topic: string): void {
    this.merge({ topic })
  }

  /** Saves what differs; resolves to whether that worked. */
  save(): Promise<boolean> {
    const before = this.#conversation.room()
    const name = this.state.name.trim()
    const topic = this.state.topic.trim()
    return this.#run(async () => {
      if (name !== '' && name !== before.name) await this.#conversation.setName(name)
      if (topic !== before.topic) await this.#conversation.setTopic(topic)
    })
  }

  /** Leaves the room; resolves to whether that worked. */
  leave(): Promise<boolean> {
    return this.#run(() => this.#conversation.leave())
  }

  async #run(action: () => Promise<void>): Promise<boolean> {
    if (this.state.busy) return false
    this.merge({ busy: true, failure: undefined })
    try {
      await action()
      this.merge({ busy: false })
      return true
    } catch (error) {
      this.merge({ busy: false, failure: asFailure(error) })
      return false
    }
  }
}
