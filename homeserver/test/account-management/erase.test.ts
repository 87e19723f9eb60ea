import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { edit, finds, search } from '../search/searching.ts'

let server: TestServer
/** Was there when it was said. */
let keeper: TestUser
/** Came after it was said. */
let late: TestUser
let room: string
let said: readonly string[]

beforeAll(async () => {
  server = await startTestServer()
  keeper = await server.user('keeper')
  late = await server.user('late')
  const fred = await server.user('fred')
  room = await keeper.createRoom({ preset: 'public_chat' })
  await fred.join(room)
  const first = await fred.say(room, 'a secret')
  said = [first, await edit(fred, room, first, 'another secret')]
  const password = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: fred.userId },
    password: 'a password',
  }
  ok(await fred.call('POST', '/account/deactivate', { auth: password, erase: true }))
  await keeper.say(room, 'no more of it')
  await late.join(room)
})
afterAll(() => server[Symbol.asyncDispose]())

test('only who was there finds what an erased user wrote', async () => {
  expect(await finds(keeper, 'secret')).toEqual([said[0]])
  expect(await search(late, 'secret')).toMatchObject({ results: [], count: 0 })
})

test('around other results who came later gets it pruned', async () => {
  const context = { before_limit: 10, after_limit: 0 }
  const around = async (user: TestUser) => await search(user, 'more', { event_context: context })
  expect(JSON.stringify(await around(keeper))).toContain('a secret')
  const found = await around(late)
  const before = list(found, 'results', 0, 'context', 'events_before')
  expect(before.map((event) => at(event, 'event_id'))).toContain(said[0])
  expect(JSON.stringify(found)).not.toContain('secret')
})

test('who came later gets it pruned in the federation format, too', async () => {
  const filter = JSON.stringify({ event_format: 'federation', room: { timeline: { limit: 50 } } })
  const timeline = async (user: TestUser) => {
    const answer = await user.sync({ filter })
    return list(answer, 'rooms', 'join', room, 'timeline', 'events')
  }
  expect(JSON.stringify(await timeline(keeper))).toContain('a secret')
  const events = await timeline(late)
  const pruned = events.filter((event) => at(event, 'type') === 'm.room.message')
  expect(pruned).toHaveLength(3)
  expect(text(pruned[0], 'hashes', 'sha256')).toMatch(/./)
  expect(at(pruned[0], 'content')).toEqual({})
  expect(JSON.stringify(events)).not.toContain('secret')
})
