import type { Segment } from './path-pattern.ts'
import type { Route, RouteMatch } from './route-table.ts'

/** Where a path has got to; routes by method. */
class TrieNode {
  readonly statics = new Map<string, TrieNode>()
  param: TrieNode | undefined
  /** Routes whose path ends here. */
  readonly ends = new Map<string, Route>()
  /** Routes whose path ends here without their optional parameter. */
  readonly shortEnds = new Map<string, Route>()
}

/**
 * Finds a route by walking the path once, segment by segment, whatever the number of routes.
 * Fixed text goes before a parameter. It knows the hot routes only: a miss means nothing.
 */
export class RadixDispatcher {
  readonly #root = new TrieNode()

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route)
  }

  /** @param path as it came, without its query and not decoded */
  find(method: string, path: string): RouteMatch | undefined {
    const captures: string[] = []
    const route = walk(this.#root, method, path, 1, captures)
    return route && { endpoint: route.endpoint, names: route.names, captures }
  }

  #add(route: Route): void {
    const { segments } = route
    const { method } = route.endpoint
    const end = segments.reduce(child, this.#root)
    if (!end.ends.has(method)) end.ends.set(method, route)
    if (segments.at(-1)?.kind !== 'optional') return
    const shortEnd = segments.slice(0, -1).reduce(child, this.#root)
    if (!shortEnd.shortEnds.has(method)) shortEnd.shortEnds.set(method, route)
  }
}

function child(node: TrieNode, segment: Segment): TrieNode {
  if (segment.kind !== 'static') return (node.param ??= new TrieNode())
  const known = node.statics.get(segment.text)
  if (known !== undefined) return known
  const made = new TrieNode()
  node.statics.set(segment.text, made)
  return made
}

function walk(
  node: TrieNode,
  method: string,
  path: string,
  start: number,
  captures: string[],
): Route | undefined {
  if (start > path.length) return routeEndingAt(node, method, captures)
  const slash = path.indexOf('/', start)
  const end = slash < 0 ? path.length : slash
  const text = path.slice(start, end)
  const fixed = node.statics.get(text)
  const found = fixed && walk(fixed, method, path, end + 1, captures)
  if (found !== undefined || node.param === undefined) return found
  // an empty segment is a value only where the path may also end without it
  if (text === '' && (slash >= 0 || !endsOptionally(node.param, method))) return undefined
  captures.push(text)
  const route = walk(node.param, method, path, end + 1, captures)
  if (route === undefined) captures.pop()
  return route
}

function routeEndingAt(node: TrieNode, method: string, captures: string[]): Route | undefined {
  const route = node.ends.get(method)
  if (route !== undefined) return route
  const short = node.shortEnds.get(method)
  if (short !== undefined) captures.push('')
  return short
}

function endsOptionally(node: TrieNode, method: string): boolean {
  return node.ends.get(method)?.segments.at(-1)?.kind === 'optional'
}
