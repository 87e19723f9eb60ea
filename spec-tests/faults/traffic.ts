import { expect } from 'vitest'
import { at, stringAt } from '../target/json.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { pause } from '../target/pause.ts'
import { register, type User } from '../target/user.ts'
import { Journal, repeated } from './journal.ts'
import { patiently } from './patiently.ts'
import { owedSince, SyncChain, walkMessages } from './reader.ts'

/** Longest that a request may take while the database is away, whatever has happened to it. */
export const BOUND_MS = 40_000
/** For what takes seconds; a machine with other work to do may need minutes. */
const RECOVERY_MS = 180_000
const LONG_POLL_MS = 300

/** How a request ended that was no success. */
export interface Failure {
  readonly method: string
  readonly status: number
  readonly errcode: unknown
  readonly ms: number
}

/**
 * People who write into one room and people who read along, through every fault. What they were
 * promised is kept here, and compared with what the server has afterwards.
 */
export class Traffic implements AsyncDisposable {
  readonly journal = new Journal()
  readonly failures: Failure[] = []
  readonly writers: readonly User[]
  readonly chains: readonly SyncChain[]
  readonly roomId: string
  readonly #http: HttpClient
  #stop = new AbortController()
  #loops: Promise<void>[] = []
  #slowestMs = 0

  private constructor(
    http: HttpClient,
    roomId: string,
    people: { writers: readonly User[]; chains: readonly SyncChain[] },
  ) {
    this.#http = http
    this.roomId = roomId
    this.writers = people.writers
    this.chains = people.chains
  }

  static async of(url: string, counts: { writers: number; readers: number }): Promise<Traffic> {
    const http = new HttpClient(url)
    const owner = await register(http, 'writer0')
    const roomId = await owner.createRoom({ preset: 'public_chat' })
    const writers = [owner]
    for (let n = 1; n < counts.writers; n += 1)
      writers.push(await joined(http, `writer${n}`, roomId))
    const chains: SyncChain[] = []
    for (let n = 0; n < counts.readers; n += 1) {
      const chain = new SyncChain(await joined(http, `reader${n}`, roomId), roomId)
      await chain.step(0)
      chains.push(chain)
    }
    return new Traffic(http, roomId, { writers, chains })
  }

  /** The room's owner. */
  get owner(): User {
    const [owner] = this.writers
    if (owner === undefined) throw new Error('no writer')
    return owner
  }

  /** The longest that any request has taken, failed ones included, in milliseconds. */
  get slowestMs(): number {
    return Math.round(this.#slowestMs)
  }

  start(): void {
    this.#stop = new AbortController()
    this.#loops = [
      ...this.writers.map((writer) => this.#write(writer)),
      ...this.chains.map((chain) => this.#read(chain)),
    ]
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#loops)
    this.#loops = []
  }

  /** Resolves once `count` more messages have been acknowledged. */
  async progress(count: number, patienceMs?: number): Promise<void> {
    const goal = this.journal.acknowledged.length + count
    const isThere = () => this.journal.acknowledged.length >= goal
    await eventually(`${count} more messages`, isThere, patienceMs)
  }

  /** Waits until a message and a sync succeed again; tells how long that took, in milliseconds. */
  async recovered(): Promise<number> {
    const began = performance.now()
    let entry = this.journal.begin(this.owner)
    await eventually('the service is back', async () => {
      if (entry.eventId !== undefined) entry = this.journal.begin(this.owner)
      await this.#send(entry)
      if (entry.eventId === undefined) return false
      const sync = await this.#call(this.owner, 'GET', '/_matrix/client/v3/sync?timeout=0')
      return sync?.status === 200
    })
    return Math.round(performance.now() - began)
  }

  /** One request of each kind; its failure is noted like any other. */
  async probe(): Promise<void> {
    const room = `/_matrix/client/v3/rooms/${encodeURIComponent(this.roomId)}`
    await Promise.all([
      this.#send(this.journal.begin(this.owner)),
      this.#call(this.owner, 'GET', `${room}/messages?dir=b&limit=50`),
      this.#call(this.owner, 'GET', '/_matrix/client/v3/sync?timeout=0'),
      this.#call(this.owner, 'GET', '/_matrix/client/v3/account/whoami'),
      this.#call(this.owner, 'PUT', `/_matrix/client/v3/profile/${this.owner.userId}/displayname`, {
        displayname: 'Writer',
      }),
    ])
  }

  /** Sends again what got no answer, then compares the room and every chain with the promises. */
  async expectNothingLost(): Promise<void> {
    for (const entry of this.journal.unanswered) {
      const { writer, body, txn } = entry
      entry.eventId = await patiently(() => writer.sendText(this.roomId, body, txn))
    }
    const stored = await walkMessages(this.owner, this.roomId)
    expect(repeated(stored)).toEqual([])
    const ids = new Set(stored)
    expect(this.journal.sent.filter(({ eventId = '' }) => !ids.has(eventId))).toEqual([])
    expect(stored.length).toBe(this.journal.sent.length)
    for (const chain of this.chains) {
      await chain.catchUp()
      expect(repeated(chain.received)).toEqual([])
      expect(chain.received.toSorted()).toEqual(stored.toSorted())
      const [early] = chain.issued
      if (early === undefined) throw new Error('no token')
      const owed = await owedSince(chain.user, this.roomId, early.token)
      expect(owed.toSorted()).toEqual(chain.received.slice(early.received).toSorted())
    }
  }

  /** Every failure was told by a 5xx with an error code, and in bounded time. */
  expectHonestFailures(boundMs = BOUND_MS): void {
    const dishonest = this.failures.filter(
      ({ status, errcode }) => status < 500 || typeof errcode !== 'string',
    )
    expect(dishonest).toEqual([])
    expect(this.slowestMs).toBeLessThan(boundMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.#http.close()
  }

  async #write(writer: User): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const entry = this.journal.begin(writer)
      // the same again until it is answered, as clients do
      while (entry.eventId === undefined && !this.#stop.signal.aborted) {
        await this.#send(entry)
        await pause(entry.eventId === undefined ? 50 : 10)
      }
    }
  }

  async #send(entry: ReturnType<Journal['begin']>): Promise<void> {
    const room = `/_matrix/client/v3/rooms/${encodeURIComponent(this.roomId)}`
    const path = `${room}/send/m.room.message/${entry.txn}`
    const body = { msgtype: 'm.text', body: entry.body }
    const answer = await this.#call(entry.writer, 'PUT', path, body)
    if (answer?.status === 200) entry.eventId = stringAt(answer.body, 'event_id')
  }

  async #read(chain: SyncChain): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await chain.step(LONG_POLL_MS)
      } catch {
        await pause(50)
      }
    }
  }

  async #call(user: User, method: string, path: string, body?: unknown) {
    const began = performance.now()
    try {
      const answer = await user.call(method, path, body, BOUND_MS * 2)
      const ms = performance.now() - began
      if (answer.status !== 200) this.#failed(method, answer.status, at(answer.body, 'errcode'), ms)
      return answer
    } catch (error) {
      this.#failed(method, 0, String(error), performance.now() - began)
      return undefined
    } finally {
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - began)
    }
  }

  #failed(method: string, status: number, errcode: unknown, ms: number): void {
    this.failures.push({ method, status, errcode, ms: Math.round(ms) })
  }
}

async function joined(http: HttpClient, name: string, roomId: string): Promise<User> {
  const user = await register(http, name)
  await user.join(roomId)
  return user
}

/** Polls until the probe is true. @throws {Error} naming `what` after three minutes */
export async function eventually(
  what: string,
  probe: () => boolean | Promise<boolean>,
  patienceMs = RECOVERY_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`It did not come: ${what}`)
    await pause(50)
  }
}
