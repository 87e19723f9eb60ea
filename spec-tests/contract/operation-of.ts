import { at } from '../target/json.ts'
import type { Exchange } from './exchange.ts'
import { type Operation, readOperations } from './specification.ts'

interface Pattern {
  readonly operation: Operation
  readonly segments: readonly string[]
  readonly parameters: number
}

const isParameter = (segment: string): boolean => segment.startsWith('{')

/** Finds the operation that a request was for. */
export class OperationFinder {
  readonly #patterns: readonly Pattern[]

  constructor(operations: readonly Operation[] = readOperations()) {
    this.#patterns = operations
      .flatMap((operation) => pathsOf(operation).map((path) => patternOf(operation, path)))
      // a literal segment wins over a parameter
      .sort((a, b) => a.parameters - b.parameters)
  }

  /** Older prefixes count as the one that the specification has now. */
  find(exchange: Exchange): Operation | undefined {
    const [pathname = ''] = exchange.path.split('?')
    const found = this.#all(exchange.method, pathname)
    const same = found.length > 0 ? found : this.#all(exchange.method, withoutAge(pathname))
    return choose(same, exchange)
  }

  #all(method: string, pathname: string): Operation[] {
    const segments = pathname.split('/')
    const matching = this.#patterns.filter(
      (pattern) => pattern.operation.method === method && matches(pattern.segments, segments),
    )
    const fewest = matching[0]?.parameters
    return matching
      .filter(({ parameters }) => parameters === fewest)
      .map(({ operation }) => operation)
  }
}

function withoutAge(pathname: string): string {
  return pathname.replace(/^(\/_matrix\/(?:client|media))\/(?:r0|unstable|v1)\//, '$1/v3/')
}

/** The specification's path and, for the empty state key, the one that its prose adds. */
function pathsOf({ path }: Operation): string[] {
  const short = path.replace(/\/\{stateKey\}$/, '')
  return short === path ? [path] : [path, short]
}

function patternOf(operation: Operation, path: string): Pattern {
  const segments = path.split('/')
  return { operation, segments, parameters: segments.filter(isParameter).length }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((wanted, i) => isParameter(wanted) || wanted === segments[i])
  )
}

/** Two operations share a route: what the request says decides. */
function choose(candidates: readonly Operation[], exchange: Exchange): Operation | undefined {
  const [first, second] = candidates
  if (second === undefined) return first
  const query = new URLSearchParams(exchange.path.split('?')[1])
  const body = parsed(String(exchange.requestBody ?? ''))
  const wanted =
    query.has('room_id') || at(body, 'medium') !== undefined
      ? ['peekEvents', 'inviteBy3PID']
      : ['getEvents', 'inviteUser']
  return candidates.find(({ id }) => wanted.includes(id)) ?? first
}

/** The JSON of a text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
