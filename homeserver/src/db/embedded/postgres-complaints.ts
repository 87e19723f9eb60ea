import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'

const QUIET_MS = 60_000
const SEVERE = /\b(PANIC|No space left on device|Read-only file system|Input\/output error)\b/

/** Lifts what an operator must know out of Postgres' own log, each kind at most once a minute. */
export class PostgresComplaints {
  readonly #logger: Pick<Logger, 'error'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #toldAt = new Map<string, number>()

  constructor(logger: Pick<Logger, 'error'>, clock: Pick<Clock, 'monotonic'>) {
    this.#logger = logger
    this.#clock = clock
  }

  /** @param line as Postgres wrote it */
  note(line: string): void {
    const kind = SEVERE.exec(line)?.[1]
    if (kind === undefined) return
    const now = this.#clock.monotonic()
    if (now - (this.#toldAt.get(kind) ?? -Infinity) < QUIET_MS) return
    this.#toldAt.set(kind, now)
    const what =
      kind === 'No space left on device'
        ? 'the disk is full: Postgres cannot write; it goes on by itself when there is space'
        : 'Postgres cannot go on as it is'
    this.#logger.error({ postgres: line }, what)
  }
}
