import { expect, test } from 'vitest'
import { parseConfig } from '#config/load.ts'
import { startTestServer } from '../harness/server.ts'
import { ok } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'

const SUPPORT = '/.well-known/matrix/support'

test('contacts and page are told as configured, to other origins too', async () => {
  await using server = await startTestServer({
    config: `support:
  contacts:
    - { matrix_id: '@help:other.example', email_address: help@example.org, role: m.role.admin }
    - { email_address: security@example.org, role: m.role.security }
  page: https://example.org/help`,
  })
  const answer = await server.request('GET', SUPPORT)
  expect(ok(answer)).toEqual({
    contacts: [
      {
        matrix_id: '@help:other.example',
        email_address: 'help@example.org',
        role: 'm.role.admin',
      },
      { email_address: 'security@example.org', role: 'm.role.security' },
    ],
    support_page: 'https://example.org/help',
  })
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
})

test('without either there is nothing', async () => {
  await using server = await startTestServer()
  expectError(await server.request('GET', SUPPORT), 404, 'M_NOT_FOUND')
})

test('one of both is enough', async () => {
  await using server = await startTestServer({ config: 'support: { page: https://a.example/ }' })
  expect(ok(await server.request('GET', SUPPORT))).toEqual({ support_page: 'https://a.example/' })
})

test.each([
  'support: { contacts: [{ role: m.role.admin }] }',
  "support: { contacts: [{ matrix_id: '@a:example.org' }] }",
  'support: { contacts: [{ matrix_id: a, role: m.role.admin }] }',
  'support: { contacts: [{ email_address: a, role: m.role.admin }] }',
  'support: { page: help }',
])('the configuration %s is refused', (text) => {
  expect(() => parseConfig(text, {})).toThrow(/support/)
})
