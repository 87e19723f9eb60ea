import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, messages } from '../rooms/room-paths.ts'
import { adminOn, restriction } from './admin.ts'

let server: TestServer
let admin: TestUser
let mallory: TestUser
let room: string
let own: string
let foreign: string

beforeAll(async () => {
  server = await startTestServer()
  admin = await adminOn(server)
  mallory = await server.user('mallory')
  room = await admin.createRoom({ preset: 'public_chat' })
  await mallory.join(room)
  // so that the level would let them redact and remove others
  const levels = ok(await admin.call('GET', inRoom(room, 'state', 'm.room.power_levels', '')))
  const users = { [mallory.userId]: 100 }
  await admin.setState(room, 'm.room.power_levels', '', { ...Object(levels), users })
  own = await mallory.say(room, 'mine')
  foreign = await admin.say(room, 'yours')
  ok(await restriction(admin, 'suspend', mallory.userId, { suspended: true }))
})
afterAll(() => server[Symbol.asyncDispose]())

const UNKNOWN = `$${'A'.repeat(43)}`
const SUSPENDED = [403, 'M_USER_SUSPENDED'] as const

test('a suspended account reads', async () => {
  ok(await mallory.call('GET', '/sync'))
  expect((await messages(mallory, room, { dir: 'b' })).ids).toContain(foreign)
  expect(ok(await mallory.call('GET', '/account/whoami'))).toMatchObject({
    user_id: mallory.userId,
  })
  const receipt = inRoom(room, 'receipt', 'm.read.private', foreign)
  ok(await mallory.call('POST', receipt, {}))
})

test('a suspended account signs in again, and is suspended there as well', async () => {
  const phone = await mallory.otherDevice()
  expectError(await phone.call('PUT', inRoom(room, 'send', 'm.x', 'p1'), {}), ...SUSPENDED)
  ok(await phone.call('POST', '/logout', {}))
})

const displayname = `/profile/@mallory:test.example/displayname`
test.each([
  [
    'sends no messages',
    'PUT',
    (): string => inRoom(room, 'send', 'm.room.message', 's1'),
    { body: 'x' },
  ],
  ['sets no state', 'PUT', (): string => inRoom(room, 'state', 'm.room.topic', ''), { topic: 'x' }],
  [
    'does not rename itself in a room',
    'PUT',
    (): string => inRoom(room, 'state', 'm.room.member', mallory.userId),
    { membership: 'join', displayname: 'x' },
  ],
  [
    'removes nobody by state event',
    'PUT',
    (): string => inRoom(room, 'state', 'm.room.member', '@someone:test.example'),
    { membership: 'leave' },
  ],
  ['has no new name', 'PUT', (): string => displayname, { displayname: 'x' }],
  ['takes no name away', 'DELETE', (): string => displayname, undefined],
  ['makes no rooms', 'POST', (): string => '/createRoom', {}],
  ['joins nothing', 'POST', (): string => `/join/${encodeURIComponent(room)}`, {}],
  [
    'invites nobody',
    'POST',
    (): string => inRoom(room, 'invite'),
    { user_id: '@alice:test.example' },
  ],
  ['does not type', 'PUT', (): string => inRoom(room, 'typing', mallory.userId), { typing: true }],
  ['redacts nothing of others', 'PUT', (): string => inRoom(room, 'redact', foreign, 'r1'), {}],
  ['redacts nothing unknown', 'PUT', (): string => inRoom(room, 'redact', UNKNOWN, 'r2'), {}],
  [
    'redacts nothing of others by sending',
    'PUT',
    (): string => inRoom(room, 'send', 'm.room.redaction', 'r3'),
    (): unknown => ({ redacts: foreign }),
  ],
] as const)('a suspended account %s', async (_, method, path, body) => {
  const sent = typeof body === 'function' ? body() : body
  expectError(await mallory.call(method, path(), sent), ...SUSPENDED)
})

test('what changes something and is not declared open to suspended accounts is closed', async () => {
  const closed = routes.filter(
    ({ auth, method, path, whileSuspended }) =>
      (auth === 'user' || auth === 'optional') &&
      method !== 'GET' &&
      whileSuspended !== true &&
      path.startsWith('/_matrix/'),
  )
  expect(closed.length).toBeGreaterThan(10)
  for (const { method, path } of closed) {
    const filled = path.replaceAll(/\{?\/:\w+\}?/g, '/x')
    const answer = await server.request(method, filled, { token: mallory.token, body: {} })
    expect([path, answer.status, answer.body]).toMatchObject([
      path,
      403,
      { errcode: 'M_USER_SUSPENDED' },
    ])
  }
})

test('a suspended account redacts its own events, in both ways', async () => {
  ok(await mallory.call('PUT', inRoom(room, 'redact', own, 'own1'), {}))
  const message = { redacts: own }
  ok(await mallory.call('PUT', inRoom(room, 'send', 'm.room.redaction', 'own2'), message))
})

test('a suspended account leaves rooms, rejects invitations, and is back when it may', async () => {
  const path = inRoom(room, 'state', 'm.room.member', mallory.userId)
  text(ok(await mallory.call('PUT', path, { membership: 'leave' })), 'event_id')
  await admin.invite(room, mallory.userId)
  await mallory.leave(room)
  expectError(await mallory.call('POST', inRoom(room, 'join'), {}), ...SUSPENDED)
  ok(await restriction(admin, 'suspend', mallory.userId, { suspended: false }))
  await mallory.join(room)
})
