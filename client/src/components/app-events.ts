/** Dialogs that may be opened from anywhere. */
export type DialogName =
  | 'create-room'
  | 'invite'
  | 'room-settings'
  | 'leave-room'
  | 'profile'
  | 'registration-links'
  | 'sign-out'

/** Asks the application to open a dialog. */
export class DialogRequestedEvent extends Event {
  readonly #dialog: DialogName

  constructor(dialog: DialogName) {
    super('dialog-requested', { bubbles: true, composed: true })
    this.#dialog = dialog
  }

  get dialog(): DialogName {
    return this.#dialog
  }
}

/** Asks the application to show a short notice. */
export class NoticeRequestedEvent extends Event {
  readonly #text: string
  readonly #kind: 'info' | 'error'

  constructor(text: string, kind: 'info' | 'error' = 'info') {
    super('notice-requested', { bubbles: true, composed: true })
    this.#text = text
    this.#kind = kind
  }

  get text(): string {
    return this.#text
  }

  get kind(): 'info' | 'error' {
    return this.#kind
  }
}

/** Asks the application to show a room. */
export class RoomRequestedEvent extends Event {
  readonly #roomId: string

  constructor(roomId: string) {
    super('room-requested', { bubbles: true, composed: true })
    this.#roomId = roomId
  }

  get roomId(): string {
    return this.#roomId
  }
}

/** Asks the application to let the person answer or change a message in the composer. */
export class ComposeRequestedEvent extends Event {
  readonly #mode: 'reply' | 'edit'
  readonly #eventId: string

  constructor(mode: 'reply' | 'edit', eventId: string) {
    super('compose-requested', { bubbles: true, composed: true })
    this.#mode = mode
    this.#eventId = eventId
  }

  get mode(): 'reply' | 'edit' {
    return this.#mode
  }

  get eventId(): string {
    return this.#eventId
  }
}

/** Asks the application to show or hide the member list. */
export class MembersToggledEvent extends Event {
  constructor() {
    super('members-toggled', { bubbles: true, composed: true })
  }
}

/** Asks the application to go back to the room list, where only one pane fits. */
export class BackRequestedEvent extends Event {
  constructor() {
    super('back-requested', { bubbles: true, composed: true })
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'dialog-requested': DialogRequestedEvent
    'notice-requested': NoticeRequestedEvent
    'room-requested': RoomRequestedEvent
    'compose-requested': ComposeRequestedEvent
    'members-toggled': MembersToggledEvent
    'back-requested': BackRequestedEvent
  }
}
