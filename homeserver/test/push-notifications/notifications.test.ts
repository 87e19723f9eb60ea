import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { read } from '../sync/reader.ts'
import { send } from './gateway.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let room: string
let count = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function setUp() {
  count += 1
  alice = await server.user(`alice${count}`)
  bob = await server.user(`bob${count}`)
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
}

const page = async (query = '') => ok(await bob.call('GET', `/notifications${query}`))
const bodies = (answer: unknown) =>
  list(answer, 'notifications').map((found) => at(found, 'event', 'content', 'body'))
const mention = (body: string) => ({
  msgtype: 'm.text',
  body,
  'm.mentions': { user_ids: [bob.userId] },
})

test('what notified is listed, the latest first, with what was read', async () => {
  await setUp()
  const one = await alice.say(room, 'one')
  await send(alice, room, { msgtype: 'm.notice', body: 'beep' })
  await bob.say(room, 'own')
  const two = await send(alice, room, mention('two'))
  await alice.say(room, 'three')
  await read(bob, room, two)
  const answer = await page()
  expect(bodies(answer)).toEqual(['three', 'two', 'one'])
  const [last, , first] = list(answer, 'notifications')
  expect(first).toEqual({
    actions: ['notify', { set_tweak: 'sound', value: 'default' }],
    read: true,
    room_id: room,
    ts: expect.any(Number),
    event: expect.objectContaining({ event_id: one, sender: alice.userId }),
  })
  expect(at(first, 'event', 'room_id')).toBeUndefined()
  expect(at(last, 'read')).toBe(false)
  expect(at(answer, 'next_token')).toBeUndefined()
  expect(bodies(await page('?only=highlight'))).toEqual(['two'])
})

test('empty page ends pagination: pages go on over what does not notify', async () => {
  await setUp()
  const wanted = ['a', 'b', 'c']
  for (const body of wanted) await alice.say(room, body)
  for (let n = 0; n < 30; n += 1) await send(alice, room, { msgtype: 'm.notice', body: 'beep' })
  const found: unknown[] = []
  let query = '?limit=1'
  for (let pages = 0; pages < 10; pages += 1) {
    const answer = await page(query)
    found.push(...bodies(answer))
    if (at(answer, 'next_token') === undefined) break
    query = `?limit=1&from=${text(answer, 'next_token')}`
  }
  expect(found).toEqual(['c', 'b', 'a'])
})

test('rooms that the user is not in are not listed, invitations are', async () => {
  await setUp()
  const foreign = await alice.createRoom({ preset: 'public_chat' })
  await alice.say(foreign, 'foreign')
  await alice.say(room, 'gone')
  await bob.leave(room)
  const hidden = await alice.createRoom()
  await alice.invite(hidden, bob.userId)
  const answer = await page()
  expect(list(answer, 'notifications').map((found) => at(found, 'room_id'))).toEqual([hidden])
  expect(at(answer, 'notifications', 0, 'event', 'type')).toBe('m.room.member')
})

test("history from before the user's time is not listed when it is hidden", async () => {
  await setUp()
  const secret = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [
      {
        type: 'm.room.history_visibility',
        state_key: '',
        content: { history_visibility: 'joined' },
      },
    ],
  })
  await alice.say(secret, 'before')
  await bob.join(secret)
  await alice.say(secret, 'after')
  expect(bodies(await page())).toEqual(['after'])
})

test('own rules decide', async () => {
  await setUp()
  ok(await bob.call('PUT', '/pushrules/global/content/tea', { actions: [], pattern: 'tea' }))
  await alice.say(room, 'tea')
  await alice.say(room, 'cake')
  expect(bodies(await page())).toEqual(['cake'])
})

test.each(['?from=nonsense', '?from=-1', '?limit=0', '?limit=x', `?from=${'9'.repeat(30)}`])(
  '%s is refused',
  async (query) => {
    const answer = await bob.call('GET', `/notifications${query}`)
    expect([answer.status, at(answer.body, 'errcode')]).toEqual([400, 'M_INVALID_PARAM'])
  },
)

test('notifications need a token', async () => {
  const answer = await server.request('GET', '/_matrix/client/v3/notifications')
  expect([answer.status, at(answer.body, 'errcode')]).toEqual([401, 'M_MISSING_TOKEN'])
})
