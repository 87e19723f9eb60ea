import type { Dispose } from '#lib/disposables.ts'

const REPEAT_MS = 8000
const IDLE_MS = 6000

interface Dependencies {
  readonly send: (typing: boolean) => void
  readonly now: () => number
  readonly schedule: (task: () => void, delayMs: number) => Dispose
}

/** Tells the room that this person is writing: at the start, now and then, and when they stop. */
export class TypingNotifier {
  readonly #deps: Dependencies
  #sentAt: number | undefined
  #cancelIdle: Dispose | undefined

  constructor(deps: Dependencies) {
    this.#deps = deps
  }

  /** The text has changed. An empty text means they stopped. */
  changed(text: string): void {
    if (text.trim() === '') {
      this.stop()
      return
    }
    const now = this.#deps.now()
    if (this.#sentAt === undefined || now - this.#sentAt >= REPEAT_MS) {
      this.#sentAt = now
      this.#deps.send(true)
    }
    this.#cancelIdle?.()
    this.#cancelIdle = this.#deps.schedule(() => this.stop(), IDLE_MS)
  }

  /** They stopped, sent the message or left the room. */
  stop(): void {
    this.#cancelIdle?.()
    this.#cancelIdle = undefined
    if (this.#sentAt === undefined) return
    this.#sentAt = undefined
    this.#deps.send(false)
  }
}
