import type { ServerResponse } from 'node:http'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { ClientGone } from './body-reader.ts'
import { errorReply } from './error-reply.ts'
import { Outages } from './outages.ts'
import type { WriteReply } from './reply.ts'

export interface EdgeDeps {
  readonly logger: Logger
  readonly rng: Rng
  readonly clock: Clock
  readonly writeReply: WriteReply
}

/** What the log tells of a request. */
interface Asked {
  readonly method: string
  readonly path: string
}

/** The outermost step: whatever is thrown becomes an answer, and each answer a line at debug level. */
export class Edge {
  readonly #deps: EdgeDeps
  readonly #outages: Outages

  constructor(deps: EdgeDeps) {
    this.#deps = deps
    this.#outages = new Outages(deps)
  }

  /**
   * Never throws.
   * @param onFailure called before the answer to what `work` threw is written
   */
  async run(
    asked: Asked,
    response: ServerResponse,
    work: () => Promise<unknown>,
    onFailure?: () => void,
  ): Promise<void> {
    const started = this.#deps.clock.monotonic()
    try {
      await work()
    } catch (error) {
      onFailure?.()
      this.#outages.note(error)
      this.#fail(asked, response, error)
    }
    const { clock, logger } = this.#deps
    const ms = Math.round(clock.monotonic() - started)
    const { method, path } = asked
    logger.debug({ method, path, status: response.statusCode, ms }, 'request')
  }

  #fail({ method, path }: Asked, response: ServerResponse, error: unknown): void {
    if (error instanceof ClientGone || response.destroyed) return void response.destroy()
    const reply = errorReply(error, { method, path }, this.#deps)
    if (response.headersSent) response.destroy()
    else this.#deps.writeReply(response, reply)
  }
}
