import type { Endpoint } from './endpoint.ts'
import { compareSpecificity, parameterNames, parsePattern, type Segment } from './path-pattern.ts'
import { servedPaths } from './versions.ts'

/** One path that serves an endpoint. */
export interface Route {
  readonly endpoint: Endpoint
  readonly path: string
  readonly segments: readonly Segment[]
  readonly names: readonly string[]
}

/** A route that was found for a request, with the parameters as they stood in the path. */
export interface RouteMatch {
  readonly endpoint: Endpoint
  readonly names: readonly string[]
  readonly captures: readonly string[]
}

/**
 * Every path of every endpoint, in the order in which they are to be tried.
 * @throws {TypeError} when two endpoints claim the same method and path
 */
export function routeTable(endpoints: readonly Endpoint[]): readonly Route[] {
  const routes = endpoints.flatMap((endpoint) =>
    servedPaths(endpoint).map((path) => {
      const segments = parsePattern(path)
      return { endpoint, path, segments, names: parameterNames(segments) }
    }),
  )
  const seen = new Set<string>()
  for (const { endpoint, path, segments } of routes) {
    for (const shape of shapes(segments)) {
      const key = `${endpoint.method} ${shape}`
      if (seen.has(key)) throw new TypeError(`Two endpoints serve ${endpoint.method} ${path}`)
      seen.add(key)
    }
  }
  return routes.toSorted((a, b) => compareSpecificity(a.segments, b.segments))
}

/** The forms of a path, whatever its parameters are called: one, or two with an optional end. */
function shapes(segments: readonly Segment[]): readonly string[] {
  const full = segments.map((segment) => (segment.kind === 'static' ? `/${segment.text}` : '/:'))
  const forms = segments.at(-1)?.kind === 'optional' ? [full.slice(0, -1), full] : [full]
  return forms.map((form) => form.join(''))
}
