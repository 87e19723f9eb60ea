import { at } from '../target/json.ts'
import type { Exchange } from './exchange.ts'
import { isDenial } from './denials.ts'
import { faultIn } from './fault-in.ts'
import type { Kind, Observation } from './observations.ts'
import { OperationFinder, parsed } from './operation-of.ts'
import type { Operation } from './specification.ts'

/** Judges every answer that the tests of a file receive, and knows what they had set up before it. */
export class Recorder {
  readonly #keep: (observation: Observation) => void
  readonly #operations = new OperationFinder()
  /** Origins that this file has successfully written something to. */
  readonly #prepared = new Set<string>()
  #faults: string[] = []
  #test = ''

  constructor(keep: (observation: Observation) => void) {
    this.#keep = keep
  }

  /** @param title the test that begins; '' when one ends */
  during(title: string): void {
    this.#test = title
  }

  /** What was wrong with the answers since the last call, one line each. */
  takeFaults(): string[] {
    const faults = this.#faults
    this.#faults = []
    return faults
  }

  add(exchange: Exchange): void {
    const operation = this.#operations.find(exchange)
    if (operation === undefined) return
    const { status, method, origin, path } = exchange
    const query = new URLSearchParams(path.split('?')[1])
    // the schemas have events as clients read them, not as servers sign them
    if (status < 300 && wantsSignedEvents(query)) return
    const body = parsed(exchange.text)
    const fault = faultIn(operation, status, body, query)
    const kind = fault === undefined ? this.#kind(operation, exchange, body) : 'invalid'
    if (method !== 'GET' && status < 300) this.#prepared.add(origin)
    if (fault !== undefined) {
      this.#faults.push(`${operation.id}: ${status} to ${method} ${path}: ${fault}`)
    }
    this.#keep({
      operation: operation.id,
      kind,
      status,
      test: this.#test,
      ...(fault !== undefined && { fault }),
    })
  }

  #kind(operation: Operation, { status, origin }: Exchange, body: unknown): Kind {
    if (this.#test === '') return 'other'
    if (isDenial(operation, status, body)) return 'denial'
    if (status >= 400) return 'other'
    return operation.auth === 'none' || this.#prepared.has(origin) ? 'success' : 'other'
  }
}

function wantsSignedEvents(query: URLSearchParams): boolean {
  return at(parsed(query.get('filter') ?? ''), 'event_format') === 'federation'
}
