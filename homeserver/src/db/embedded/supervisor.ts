import { EventEmitter } from 'node:events'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Postmaster } from './postmaster.ts'

const FIRST_DELAY_MS = 50
const LAST_DELAY_MS = 10_000
/** A Postgres that ran this long was healthy: the next failure starts the back-off anew. */
const HEALTHY_MS = 60_000

/**
 * Keeps one Postgres running: starts a new one, with back-off, whenever it ends by itself. Emits
 * `exit` and then `restart`.
 */
export class Supervisor extends EventEmitter<{ exit: []; restart: [] }> {
  readonly #start: () => Promise<Postmaster>
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #stopping = new AbortController()
  readonly #done: Promise<void>
  #postmaster: Postmaster

  constructor(
    first: Postmaster,
    start: () => Promise<Postmaster>,
    tools: { clock: Clock; logger: Logger },
  ) {
    super()
    this.#postmaster = first
    this.#start = start
    this.#clock = tools.clock
    this.#logger = tools.logger
    this.#done = this.#watch()
  }

  /** Process id of the current postmaster, or the last one while a new one starts. */
  get pid(): number {
    return this.#postmaster.pid
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort()
      await this.#postmaster.stop()
    }
    await this.#done
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping
    let delay = FIRST_DELAY_MS
    while (!signal.aborted) {
      const since = this.#clock.monotonic()
      await this.#postmaster.ended
      if (signal.aborted) return
      if (this.#clock.monotonic() - since > HEALTHY_MS) delay = FIRST_DELAY_MS
      this.#logger.error({ pid: this.pid }, 'Postgres ended unexpectedly, starting it again')
      this.emit('exit')
      delay = await this.#restart(delay)
    }
  }

  /** @returns the delay before the next restart */
  async #restart(firstDelay: number): Promise<number> {
    const { signal } = this.#stopping
    for (let delay = firstDelay; ; delay = Math.min(delay * 2, LAST_DELAY_MS)) {
      await this.#clock.sleep(delay, signal)
      if (signal.aborted) return delay
      try {
        this.#postmaster = await this.#start()
        this.#logger.info({ pid: this.pid }, 'Postgres runs again')
        if (signal.aborted) await this.#postmaster.stop()
        else this.emit('restart')
        return Math.min(delay * 2, LAST_DELAY_MS)
      } catch (error) {
        this.#logger.error({ error: String(error) }, 'Postgres does not start')
      }
    }
  }
}
