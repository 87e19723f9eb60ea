import { describe, expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import type { Auth, Endpoint } from '#http/endpoint.ts'
import {
  missingSpecification,
  type Operation,
  readOperations,
  routeKey,
} from '../../../spec-tests/contract/specification.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

const missing = missingSpecification()
const operations = readOperations()
const endpoints = new Map(routes.map((route) => [routeKey(route.method, route.path), route]))
const byRoute = Map.groupBy(operations, (operation) => routeKey(operation.method, operation.path))

/** Two operations share a route when only their bodies differ; the route then serves the one that is built. */
function endpointOf(operation: Operation): Endpoint | undefined {
  return UNIMPLEMENTED.has(operation.id)
    ? undefined
    : endpoints.get(routeKey(operation.method, operation.path))
}

const AUTH: Readonly<Record<string, Auth>> = {
  none: 'none',
  optional: 'optional',
  required: 'user',
}

/** Limited although the specification documents no 429: they store what clients send, without end. */
const LIMITED_BEYOND = new Set([
  'sendMessage',
  'setRoomStateWithKey',
  'redactEvent',
  'createRoom',
  'sendToDevice',
  'deleteDevice',
  'deleteDevices',
  'reportEvent',
])

/** Told by the specification's prose only, or by the table of another API. */
const OTHER_ROUTES = new Set([
  'GET /_matrix/client/v3/auth/*/fallback/web',
  'POST /_matrix/client/v3/auth/*/fallback/web',
  'GET /_matrix/static/client/login/',
  'GET /_matrix/federation/v1/openid/userinfo',
])

const built = operations.flatMap((operation) => {
  const endpoint = endpointOf(operation)
  return endpoint === undefined ? [] : [{ operation, endpoint }]
})

describe.skipIf(missing !== undefined)(
  `the route table against the specification${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('every operation has a route or a reason, never both', () => {
      const without = operations.filter(
        (operation) => endpointOf(operation) === undefined && !UNIMPLEMENTED.has(operation.id),
      )
      expect(without.map(({ id }) => id)).toEqual([])
      const both = operations.filter((operation) => {
        const key = routeKey(operation.method, operation.path)
        const others = byRoute.get(key) ?? []
        return others.every(({ id }) => UNIMPLEMENTED.has(id)) && endpoints.has(key)
      })
      expect(both.map(({ id }) => id)).toEqual([])
    })

    test('every reason names an operation that exists', () => {
      const ids = new Set(operations.map(({ id }) => id))
      expect([...UNIMPLEMENTED.keys()].filter((id) => !ids.has(id))).toEqual([])
    })

    test('no Matrix route exists that the specification does not know', () => {
      const foreign = [...endpoints.keys()].filter(
        (key) => key.includes(' /_matrix/') && !byRoute.has(key) && !key.includes('/unstable/'),
      )
      // the specification writes the empty state key without a parameter
      const unknown = foreign.filter((key) => !key.endsWith('/state/*') && !OTHER_ROUTES.has(key))
      expect(unknown).toEqual([])
    })

    test.each(built)('$operation.id: authentication as specified', ({ operation, endpoint }) => {
      expect(endpoint.auth).toBe(AUTH[operation.auth])
    })

    test.each(built)(
      '$operation.id: a rate limit exactly where 429 is documented, and where requests add rows without end',
      ({ operation, endpoint }) => {
        const limited = operation.rateLimited || LIMITED_BEYOND.has(operation.id)
        expect(endpoint.rateLimit !== undefined).toBe(limited)
      },
    )
  },
)
