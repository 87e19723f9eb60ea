/** A request and its whole answer, as a client of a test saw them. */
export interface Exchange {
  readonly method: string
  readonly origin: string
  /** With the query, as it went out. */
  readonly path: string
  readonly requestBody?: string | Uint8Array | undefined
  readonly status: number
  /** The body of the answer. */
  readonly text: string
}

type Observer = (exchange: Exchange) => void

let observer: Observer | undefined

/** Hands an exchange to the recorder; outside the test suites there is none. */
export function observe(exchange: Exchange): void {
  observer?.(exchange)
}

/** Lets a recorder see all exchanges of this process from now on. */
export function observeWith(recorder: Observer): void {
  observer = recorder
}
