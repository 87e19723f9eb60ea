import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from './endpoint.ts'
import { pipelineServer } from './test-support/pipeline-server.ts'

const V3 = '/_matrix/client/v3'

const route = (
  method: Endpoint['method'],
  path: string,
  more: Partial<Endpoint> = {},
): Endpoint => ({
  method,
  path: V3 + path,
  auth: 'user',
  handler: () => Promise.resolve({}),
  ...more,
})

let server: Awaited<ReturnType<typeof pipelineServer>>
beforeAll(async () => {
  server = await pipelineServer([
    route('GET', '/read'),
    route('POST', '/change'),
    route('POST', '/change/suspended', { whileSuspended: true }),
    route('POST', '/change/locked', { whileLocked: true, whileSuspended: true }),
    route('GET', '/read/guests', { guests: true }),
    route('GET', '/read/anybody', { auth: 'optional' }),
    route('POST', '/open', { auth: 'none' }),
    route('GET', '/admin', { auth: 'admin' }),
  ])
})
afterAll(() => server.close())

const GUEST = '403 M_GUEST_ACCESS_FORBIDDEN'
const LOCKED = '401 M_USER_LOCKED'
const SUSPENDED = '403 M_USER_SUSPENDED'

test.each([
  ['guest', 'GET', '/read', GUEST],
  ['guest', 'POST', '/change', GUEST],
  ['guest', 'GET', '/read/guests', '200'],
  ['guest', 'GET', '/read/anybody', '200'],
  ['guest', 'POST', '/open', '200'],
  ['guest', 'GET', '/admin', GUEST],
  ['locked', 'GET', '/read', LOCKED],
  ['locked', 'GET', '/read/guests', LOCKED],
  ['locked', 'GET', '/read/anybody', LOCKED],
  ['locked', 'POST', '/change/suspended', LOCKED],
  ['locked', 'POST', '/change/locked', '200'],
  ['locked', 'POST', '/open', '200'],
  ['suspended', 'GET', '/read', '200'],
  ['suspended', 'GET', '/read/anybody', '200'],
  ['suspended', 'POST', '/change', SUSPENDED],
  ['suspended', 'POST', '/change/suspended', '200'],
  ['suspended', 'POST', '/open', '200'],
  ['suspended', 'GET', '/admin', '403 M_FORBIDDEN'],
  ['alice', 'POST', '/change', '200'],
  ['alice', 'GET', '/read/guests', '200'],
])('%s: %s %s is answered %s', async (who, method, path, expected) => {
  const headers = { Authorization: `Bearer ${who}-token` }
  const response = await fetch(server.url + V3 + path, { method, headers })
  const body: unknown = await response.json()
  const errcode: unknown = Reflect.get(Object(body), 'errcode')
  expect(
    errcode === undefined ? `${response.status}` : `${response.status} ${String(errcode)}`,
  ).toBe(expected)
})
