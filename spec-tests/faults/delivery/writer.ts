import { stringAt } from '../../target/json.ts'
import type { Answer } from '../../target/matrix-client.ts'
import type { User } from '../../target/user.ts'
import { pause } from '../../target/pause.ts'
import { persist } from './persistent-call.ts'
import { DATA_TYPE, messageBody, placeOf, type Promises, type SentMessage } from './promises.ts'
import type { Rng } from './rng.ts'
import type { Violations } from './violations.ts'

/** Shorter than a server is stopped: a message is then sent again through another server. */
const ABANDON_MS = 2_000
/** Longer than any fault: data without transaction ids must not be overtaken by its own repetition. */
const WAIT_MS = 30_000
const REPEATED = 0.05
/** Of the account data, what belongs to no room. */
const GLOBAL = 0.4
/** All writers begin on the same beats: what comes at the same time gets into each other's way. */
const BEAT_MS = 80
/** How often a beat is left out. */
const OMITTED = 0.3

export interface Audience {
  readonly rooms: readonly string[]
  /** The devices that sync. */
  readonly devices: readonly { readonly userId: string; readonly deviceId: string }[]
}

/** A client that writes through every outage and repeats what was not acknowledged. */
export class Writer {
  readonly user: User
  readonly #promises: Promises
  readonly #violations: Violations
  readonly #audience: Audience
  readonly #rng: Rng
  readonly #lastIn = new Map<string, SentMessage>()
  #messages = 0

  constructor(
    user: User,
    deps: { promises: Promises; violations: Violations; audience: Audience; rng: Rng },
  ) {
    this.user = user
    this.#promises = deps.promises
    this.#violations = deps.violations
    this.#audience = deps.audience
    this.#rng = deps.rng
  }

  /** Writes until it is stopped; what was begun is brought to its end. */
  async run(stop: AbortSignal): Promise<void> {
    const kinds = [
      () => this.#message(),
      () => this.#toDevice(),
      () => this.#receipt(),
      () => this.#accountData(),
    ]
    await Promise.all(kinds.map((write) => this.#loop(write, stop)))
  }

  /** One write of what goes to everybody. */
  async write(kind: 'message' | 'to-device message'): Promise<void> {
    if (kind === 'message') await this.#message()
    else await this.#toDevice()
  }

  /** One last write of all that only its latest value is delivered of. */
  async finish(): Promise<void> {
    for (const roomId of this.#audience.rooms) {
      await this.#receiptIn(roomId)
      await this.#accountDataIn(roomId)
    }
    await this.#accountDataIn(undefined)
  }

  /** Sends an acknowledged message once more under its transaction id. */
  async repeat(sent: SentMessage): Promise<void> {
    const eventId = await this.#send(sent.roomId, sent.txn, sent.n)
    if (eventId !== sent.eventId) {
      this.#violations.add(`${sent.writer}'s ${sent.txn} was ${sent.eventId}, is now ${eventId}`)
    }
  }

  async #loop(write: () => Promise<void>, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await write()
      } catch (error) {
        this.#violations.add(String(error))
        return
      }
      do await pause(BEAT_MS - (performance.now() % BEAT_MS), stop)
      while (this.#rng.chance(OMITTED) && !stop.aborted)
    }
  }

  async #message(): Promise<void> {
    const roomId = this.#rng.pick(this.#audience.rooms)
    const n = (this.#messages += 1)
    const txn = `m${n}`
    const eventId = await this.#send(roomId, txn, n)
    const sent = { writer: this.user.userId, n, roomId, txn, eventId }
    this.#promises.addMessage(sent)
    this.#lastIn.set(roomId, sent)
    if (this.#rng.chance(REPEATED)) await this.repeat(sent)
  }

  async #send(roomId: string, txn: string, n: number): Promise<string> {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${txn}`
    const content = { msgtype: 'm.text', body: messageBody({ writer: this.user.userId, n }) }
    const { body } = await persist('send', () => this.user.call('PUT', path, content, ABANDON_MS))
    return stringAt(body, 'event_id')
  }

  async #toDevice(): Promise<void> {
    const writer = this.user.userId
    const n = (this.#promises.toDevice.get(writer) ?? 0) + 1
    const messages: Record<string, Record<string, unknown>> = {}
    for (const { userId, deviceId } of this.#audience.devices) {
      messages[userId] = { ...messages[userId], [deviceId]: { n } }
    }
    const path = `/_matrix/client/v3/sendToDevice/${DATA_TYPE}/d${n}`
    await persist('sendToDevice', () => this.user.call('PUT', path, { messages }, ABANDON_MS))
    this.#promises.toDevice.set(writer, n)
  }

  async #receipt(): Promise<void> {
    await this.#receiptIn(this.#rng.pick(this.#audience.rooms))
  }

  /** Reads up to its own latest message. */
  async #receiptIn(roomId: string): Promise<void> {
    const read = this.#lastIn.get(roomId)
    const place = placeOf(this.user.userId, roomId)
    if (read === undefined || this.#promises.receipts.get(place) === read.n) return
    const event = encodeURIComponent(read.eventId)
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/receipt/m.read/${event}`
    await persist('receipt', () => this.#patiently('POST', path, {}))
    this.#promises.receipts.set(place, read.n)
  }

  async #accountData(): Promise<void> {
    const { rooms } = this.#audience
    await this.#accountDataIn(this.#rng.chance(GLOBAL) ? undefined : this.#rng.pick(rooms))
  }

  async #accountDataIn(roomId: string | undefined): Promise<void> {
    const place = placeOf(this.user.userId, roomId)
    const latest = this.#promises.accountData.get(place) ?? { n: 0, unsure: new Set() }
    const n = latest.n + 1
    const ofRoom = roomId === undefined ? '' : `/rooms/${encodeURIComponent(roomId)}`
    const user = encodeURIComponent(this.user.userId)
    const path = `/_matrix/client/v3/user/${user}${ofRoom}/account_data/${DATA_TYPE}`
    const { attempts } = await persist('account data', () => this.#patiently('PUT', path, { n }))
    if (attempts > 1) latest.unsure.add(n)
    latest.n = n
    this.#promises.accountData.set(place, latest)
  }

  #patiently(method: string, path: string, body: unknown): Promise<Answer> {
    return this.user.call(method, path, body, WAIT_MS)
  }
}
