/** What a person can do with a message. */
export type MessageAction = 'reply' | 'edit' | 'delete' | 'retry' | 'discard'

/** Something was chosen in the toolbar of a message. */
export class MessageActionEvent extends Event {
  readonly #action: MessageAction
  readonly #eventId: string

  constructor(action: MessageAction, eventId: string) {
    super('message-action', { bubbles: true })
    this.#action = action
    this.#eventId = eventId
  }

  get action(): MessageAction {
    return this.#action
  }

  get eventId(): string {
    return this.#eventId
  }
}
