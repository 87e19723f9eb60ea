import type { ServerResponse } from 'node:http'

/**
 * Makes the signals that end long polls: when the client goes away, or when the server drains.
 * They are made on demand, since few handlers ask.
 */
export class RequestSignals {
  readonly #active = new Map<AbortController, ServerResponse>()
  #draining = false

  get draining(): boolean {
    return this.#draining
  }

  /** Ends every long poll that waits now or will wait later. */
  drain(): void {
    this.#draining = true
    for (const [controller, response] of this.#active) {
      leave(response)
      controller.abort()
    }
  }

  /** The signal of one request. */
  of(response: ServerResponse): AbortSignal {
    const controller = new AbortController()
    if (this.#draining || response.destroyed) controller.abort()
    else {
      this.#active.set(controller, response)
      response.once('close', () => {
        this.#active.delete(controller)
        // after a full answer it would tell nobody anything, and making the reason is not free
        if (!response.writableFinished) controller.abort()
      })
    }
    return controller.signal
  }
}

/** The answer tells the client to make its next request on a new connection, elsewhere. */
export function leave(response: ServerResponse): void {
  response.shouldKeepAlive = false
}
