/** What one acknowledged message said. */
export interface Message {
  readonly writer: string
  readonly n: number
}

export interface SentMessage extends Message {
  readonly roomId: string
  readonly txn: string
  readonly eventId: string
}

/** Data that each write replaces: the number of the last acknowledged write. */
export interface Latest {
  n: number
  /** Numbers that were tried more than once: an attempt without an answer may still be carried out. */
  readonly unsure: Set<number>
}

/** Everything the servers have acknowledged, kept outside of them. */
export class Promises {
  /** In the order of their acknowledgements. */
  readonly messages: SentMessage[] = []
  readonly #byEventId = new Map<string, SentMessage>()
  /** By writer: how many to-device messages each device was sent, numbered from 1. */
  readonly toDevice = new Map<string, number>()
  /** By {@link placeOf}: the number of the writer's own message up to which it has read. */
  readonly receipts = new Map<string, number>()
  /** By {@link placeOf}. */
  readonly accountData = new Map<string, Latest>()

  addMessage(message: SentMessage): void {
    this.messages.push(message)
    this.#byEventId.set(message.eventId, message)
  }

  message(eventId: string): SentMessage | undefined {
    return this.#byEventId.get(eventId)
  }

  /** The messages that somebody wrote. */
  messagesOf(writer: string): SentMessage[] {
    return this.messages.filter((sent) => sent.writer === writer)
  }

  /** Ids of the messages of a room. */
  idsIn(roomId: string): string[] {
    return this.messages.filter((sent) => sent.roomId === roomId).map((sent) => sent.eventId)
  }
}

/** Names a user's receipt or account data in a room; no room: the global one. */
export function placeOf(userId: string, roomId: string | undefined): string {
  return `${userId} ${roomId ?? 'global'}`
}

/** What a message of a writer looks like, and back. */
export const messageBody = ({ writer, n }: Message): string => `${writer} ${n}`

export function parseBody(body: string): Message {
  const [writer, n] = body.split(' ')
  if (writer === undefined || n === undefined) throw new TypeError(`No message of ours: ${body}`)
  return { writer, n: Number(n) }
}

export const DATA_TYPE = 'org.example.delivery'
