import { describe, expect, test } from 'vitest'
import { SUPPORTED_VERSIONS } from '#api/client/server-discovery/supported-versions.ts'
import { routes } from '#api/routes.ts'
import { HOT_ROUTES } from '#http/hot-routes.ts'
import {
  missingSpecification,
  readOperations,
  routeKey,
} from '../../../spec-tests/contract/specification.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

const missing = missingSpecification()

/** The minor number of `v1.7` or `1.7`; what is older than 1.1 counts as 1. */
const minor = (version: string): number => Number(/1\.(\d+)$/.exec(version)?.[1])

describe.skipIf(missing !== undefined)(
  `advertised versions${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('beyond v1.1, no version is listed before all its operations are built', () => {
      const keys = new Set(routes.map((route) => routeKey(route.method, route.path)))
      const absent = readOperations().filter(
        ({ id, method, path }) => UNIMPLEMENTED.has(id) || !keys.has(routeKey(method, path)),
      )
      const firstGap = Math.min(...absent.map(({ firstInRelease }) => minor(firstInRelease)))
      const claimed = SUPPORTED_VERSIONS.filter((version) => minor(version) >= firstGap)
      expect(claimed.filter((version) => version !== 'v1.1')).toEqual([])
    })
  },
)

test('v1.1 and all versions up to the highest are listed, in order', () => {
  expect(SUPPORTED_VERSIONS).toEqual(SUPPORTED_VERSIONS.map((_, i) => `v1.${i + 1}`))
  expect(SUPPORTED_VERSIONS).not.toEqual([])
})

test('every hot route exists', () => {
  const keys = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  expect([...HOT_ROUTES].filter((key) => !keys.has(key))).toEqual([])
})
