import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Endpoint } from './endpoint.ts'
import { patternSource } from './path-pattern.ts'
import { RadixDispatcher } from './radix-dispatcher.ts'
import { routeTable, type Route } from './route-table.ts'

const get = (path: string): Endpoint => ({
  method: 'GET',
  path,
  auth: 'none',
  legacy: [],
  handler: () => Promise.resolve({}),
})

/** How the router decides: the first route in order whose regular expression matches. */
function byRegExp(routes: readonly Route[], path: string) {
  for (const { endpoint, segments } of routes) {
    const captures = new RegExp(`^${patternSource(segments)}$`).exec(path)
    if (captures) return { path: endpoint.path, captures: captures.slice(1).map((c) => c ?? '') }
  }
  return undefined
}

const segment = fc.constantFrom('a', 'b', 'state', ':x', ':y')
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([segments, optional]) => `/${segments.join('/')}${optional ? '{/:last}' : ''}`)
const path = fc
  .array(fc.constantFrom('a', 'b', 'state', 'k', '', '%2F'), { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`)

/** The table, unless two of the patterns contradict each other. */
function tableOf(patterns: readonly string[]): readonly Route[] | undefined {
  try {
    return routeTable(patterns.map(get))
  } catch {
    return undefined
  }
}

test('every path is found as the router finds it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 6 }), path, (patterns, tried) => {
      const routes = tableOf(patterns)
      fc.pre(routes !== undefined)
      const found = new RadixDispatcher(routes).find('GET', tried)
      const expected = byRegExp(routes, tried)
      expect(found?.captures).toEqual(expected?.captures)
      expect(found?.endpoint.path).toBe(expected?.path)
    }),
    { numRuns: 2000 },
  )
})

test('a method that no route has is not found', () => {
  const dispatcher = new RadixDispatcher(routeTable([get('/a')]))
  expect(dispatcher.find('POST', '/a')).toBeUndefined()
  expect(dispatcher.find('GET', '/a')).toBeDefined()
})
