import { Failures, pause } from './loops.ts'
import type { Samples } from './samples.ts'
import type { Expected } from './soak-reader.ts'
import type { User } from '../target/user.ts'

/** Sends numbered messages at a rate, to one room after the other. */
export class SoakSender {
  /** Where the times of the current window go. */
  samples: Samples | undefined
  readonly #user: User
  readonly #index: number
  readonly #rooms: readonly string[]
  readonly #intervalMs: number
  /** The number of the last message acknowledged in each room. */
  readonly #last = new Map<string, number>()
  readonly #failures = new Failures()
  #stopped = false

  /** @param perSecond messages of this sender */
  constructor(user: User, index: number, rooms: readonly string[], perSecond: number) {
    this.#user = user
    this.#index = index
    this.#rooms = rooms
    this.#intervalMs = 1000 / perSecond
  }

  get errors(): number {
    return this.#failures.count
  }

  async run(): Promise<void> {
    const started = performance.now()
    for (let n = 0; !this.#stopped; n += 1) {
      const early = started + n * this.#intervalMs - performance.now()
      if (early > 0) await pause(early)
      await this.#send(this.#rooms[n % this.#rooms.length] ?? '')
    }
  }

  stop(): void {
    this.#stopped = true
  }

  /** What every reader has to have seen in the end. */
  expected(): Expected[] {
    return [...this.#last].map(([room, last]) => ({ room, sender: this.#index, last }))
  }

  async #send(room: string): Promise<void> {
    const number = (this.#last.get(room) ?? 0) + 1
    const asked = performance.now()
    try {
      await this.#user.sendText(room, `soak ${this.#index} ${number}`)
      this.samples?.add(performance.now() - asked)
      this.#last.set(room, number)
    } catch (error) {
      this.#failures.add(error)
      // a server that is away is not asked a thousand times a second
      await pause(100)
    }
  }
}
