import { Failures, pause } from './loops.ts'
import { at, listAt, stringAt } from '../target/json.ts'
import type { User } from '../target/user.ts'

/** A sender's messages in a room have the numbers 1 to `last`. */
export interface Expected {
  readonly room: string
  readonly sender: number
  readonly last: number
}

const FILTER = JSON.stringify({ room: { timeline: { limit: 1000 } } })
const POLL_MS = '5000'

/**
 * Counts the messages of each sender in each room. Numbers come in order, so the last one is all that
 * has to be kept, however long it takes.
 */
export class NumberedMessages {
  duplicates = 0
  skipped = 0
  readonly #last = new Map<string, number>()

  add(room: string, body: unknown): void {
    const [, sender, number] = /^soak (\d+) (\d+)$/.exec(String(body)) ?? []
    if (sender === undefined) return
    const key = `${room} ${sender}`
    const last = this.#last.get(key) ?? 0
    const found = Number(number)
    if (found <= last) this.duplicates += 1
    else this.skipped += found - last - 1
    this.#last.set(key, Math.max(last, found))
  }

  /** Those left out between others, and those that are still to come. */
  missing(expected: readonly Expected[]): number {
    const outstanding = expected.map(({ room, sender, last }) =>
      Math.max(0, last - (this.#last.get(`${room} ${sender}`) ?? 0)),
    )
    return this.skipped + outstanding.reduce((sum, count) => sum + count, 0)
  }
}

/** A client that reads by long polls all the time. */
export class SoakReader {
  readonly #user: User
  readonly #messages = new NumberedMessages()
  readonly #failures = new Failures()
  readonly #loop: Promise<void>
  #since: string
  #stopped = false

  private constructor(user: User, since: string) {
    this.#user = user
    this.#since = since
    this.#loop = this.#run()
  }

  static async start(user: User | undefined): Promise<SoakReader> {
    if (user === undefined) throw new Error('No user')
    const first = await user.sync({ timeout: '0', filter: FILTER })
    return new SoakReader(user, stringAt(first, 'next_batch'))
  }

  get errors(): number {
    return this.#failures.count
  }

  get duplicates(): number {
    return this.#messages.duplicates
  }

  missing(expected: readonly Expected[]): number {
    return this.#messages.missing(expected)
  }

  /** Waits until nothing is outstanding, or no longer than `graceMs`. */
  async caughtUp(expected: readonly Expected[], graceMs: number): Promise<void> {
    const deadline = performance.now() + graceMs
    const isComplete = () => this.missing(expected) === this.#messages.skipped
    while (!isComplete() && performance.now() < deadline) await pause(20)
  }

  /** Ends with the poll that is under way. */
  stop(): Promise<void> {
    this.#stopped = true
    return this.#loop
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const query = { since: this.#since, timeout: POLL_MS, filter: FILTER }
        const body = await this.#user.sync(query)
        this.#since = stringAt(body, 'next_batch')
        this.#count(body)
      } catch (error) {
        this.#failures.add(error)
        await pause(100)
      }
    }
  }

  #count(body: unknown): void {
    const rooms = at(body, 'rooms', 'join')
    if (typeof rooms !== 'object' || rooms === null) return
    for (const room of Object.keys(rooms)) {
      for (const event of listAt(rooms, room, 'timeline', 'events')) {
        this.#messages.add(room, at(event, 'content', 'body'))
      }
    }
  }
}
