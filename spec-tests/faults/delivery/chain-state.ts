import type { CaughtUp } from './catch-up.ts'
import { placeOf, type Message, type Promises } from './promises.ts'

/** A message in the order in which a chain received it. */
interface Received extends Message {
  readonly eventId: string
  /** It came through `/messages`, whose order is another one. */
  readonly fromGap: boolean
}

/** What a client knows when it holds a token, beyond what it had received before. */
export interface Place {
  readonly token: string
  /** By room: how many messages had been received. */
  readonly counts: ReadonlyMap<string, number>
  /** Messages that came with the token itself, where that answer is not part of the chain. */
  readonly extra: ReadonlySet<string>
  /** By place: up to which of the author's messages. */
  readonly receipts: ReadonlyMap<string, number>
  readonly accountData: ReadonlyMap<string, number>
}

/** What arrived on one chain of answers. */
export class ChainState {
  readonly userId: string
  readonly rooms = new Map<string, Received[]>()
  readonly receipts = new Map<string, number>()
  readonly accountData = new Map<string, number>()
  /** By writer: the number of its last to-device message. */
  readonly toDevice = new Map<string, number>()
  readonly #ids = new Set<string>()

  constructor(userId: string) {
    this.userId = userId
  }

  has(eventId: string): boolean {
    return this.#ids.has(eventId)
  }

  /** How much came of what goes to everybody. */
  get total(): number {
    const sum = (numbers: Iterable<number>) => Iterator.from(numbers).reduce((a, b) => a + b, 0)
    return this.#ids.size + sum(this.toDevice.values())
  }

  /** Takes an answer in. */
  accept(answer: CaughtUp, promises: Promises): void {
    for (const { roomId, messages } of answer.rooms) {
      const received = this.rooms.get(roomId) ?? []
      this.rooms.set(roomId, received)
      for (const message of newInGap(this, answer, roomId)) this.#push(received, message, true)
      for (const message of messages) this.#push(received, message, false)
    }
    this.#setLatest(this, answer, promises)
    for (const { writer, n } of answer.toDevice) this.toDevice.set(writer, n)
  }

  /** Where the client is after the last accepted answer. */
  place(token: string): Place {
    return {
      token,
      counts: new Map(Array.from(this.rooms, ([roomId, { length }]) => [roomId, length])),
      extra: new Set(),
      receipts: new Map(this.receipts),
      accountData: new Map(this.accountData),
    }
  }

  /** Where a client would be that took an answer in at an earlier or the present place. */
  placeAfter(from: Place, answer: CaughtUp, promises: Promises): Place {
    const known = this.knownAt(from)
    const told = answer.rooms.flatMap(({ roomId, messages }) => [
      ...newInGap(known, answer, roomId),
      ...messages,
    ])
    const latest = { receipts: new Map(from.receipts), accountData: new Map(from.accountData) }
    this.#setLatest(latest, answer, promises)
    const extra = new Set([...from.extra, ...told.map(({ eventId }) => eventId)])
    return { token: answer.next, counts: from.counts, extra, ...latest }
  }

  /** Ids of the messages that a client has at a place. */
  knownAt({ counts, extra }: Pick<Place, 'counts' | 'extra'>): Set<string> {
    const known = new Set(extra)
    for (const [roomId, count] of counts) {
      for (const { eventId } of this.rooms.get(roomId)?.slice(0, count) ?? []) known.add(eventId)
    }
    return known
  }

  #push(received: Received[], message: Message & { eventId: string }, fromGap: boolean): void {
    received.push({ ...message, fromGap })
    this.#ids.add(message.eventId)
  }

  #setLatest(
    to: { readonly receipts: Map<string, number>; readonly accountData: Map<string, number> },
    answer: CaughtUp,
    promises: Promises,
  ): void {
    for (const n of answer.accountData) to.accountData.set(placeOf(this.userId, undefined), n)
    for (const { roomId, receipts, accountData } of answer.rooms) {
      for (const { userId, eventId } of receipts) {
        const read = promises.message(eventId)
        if (read !== undefined) to.receipts.set(placeOf(userId, roomId), read.n)
      }
      for (const n of accountData) to.accountData.set(placeOf(this.userId, roomId), n)
    }
  }
}

/** A page may repeat what the client has or what the timeline shows; each message counts once. */
export function newInGap(
  known: { has(eventId: string): boolean },
  answer: CaughtUp,
  roomId: string,
): (Message & { readonly eventId: string })[] {
  const shown = answer.rooms.find((room) => room.roomId === roomId)?.messages ?? []
  const seen = new Set(shown.map(({ eventId }) => eventId))
  return (answer.gaps.get(roomId) ?? []).filter(({ eventId }) => {
    const isNew = !known.has(eventId) && !seen.has(eventId)
    seen.add(eventId)
    return isNew
  })
}
