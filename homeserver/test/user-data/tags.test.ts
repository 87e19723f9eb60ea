import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { joined, path, Reader } from '../sync/reader.ts'

let server: TestServer
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const tagsPath = (room: string, ...tag: string[]) =>
  path('user', alice.userId, 'rooms', room, 'tags', ...tag)
const dataPath = (room: string) =>
  path('user', alice.userId, 'rooms', room, 'account_data', 'm.tag')
const tagsOf = async (room: string) => at(ok(await alice.call('GET', tagsPath(room))), 'tags')
const put = async (room: string, tag: string, content: unknown) =>
  ok(await alice.call('PUT', tagsPath(room, tag), content))

test('tags are set, listed and taken off, and every change reaches the other devices', async () => {
  const room = await alice.createRoom()
  expect(await tagsOf(room)).toEqual({})
  const reader = new Reader(await alice.otherDevice())
  await reader.next()
  await put(room, 'm.favourite', { order: 0.25, 'org.example.colour': 'red' })
  await put(room, 'u.Work/Ärger #1', {})
  const both = {
    'm.favourite': { order: 0.25, 'org.example.colour': 'red' },
    'u.Work/Ärger #1': {},
  }
  expect(await tagsOf(room)).toEqual(both)
  const section = joined(await reader.next(), room)
  expect(at(section, 'account_data', 'events')).toEqual([
    { type: 'm.tag', content: { tags: both } },
  ])
  ok(await alice.call('DELETE', tagsPath(room, 'm.favourite')))
  expect(await tagsOf(room)).toEqual({ 'u.Work/Ärger #1': {} })
  const after = joined(await reader.next(), room)
  expect(at(after, 'account_data', 'events', 0, 'content')).toEqual({
    tags: { 'u.Work/Ärger #1': {} },
  })
})

test('a tag that is not there is taken off without an effect', async () => {
  const room = await alice.createRoom()
  expect(ok(await alice.call('DELETE', tagsPath(room, 'u.none')))).toEqual({})
  expect((await alice.call('GET', dataPath(room))).status).toBe(404)
})

test('tags set at once are all kept', async () => {
  const room = await alice.createRoom()
  const names = Array.from({ length: 12 }, (_, n) => `u.${n}`)
  await Promise.all(names.map((name, n) => put(room, name, { order: n / 12 })))
  expect(Object.keys((await tagsOf(room)) ?? {}).sort()).toEqual(names.toSorted())
})

test.each(['__proto__', 'constructor', '1', 'x'.repeat(255), '標籤'])(
  'a tag may be named %s',
  async (name) => {
    const room = await alice.createRoom()
    await put(room, name, { order: 1 })
    expect(JSON.stringify(await tagsOf(room))).toBe(`{"${name}":{"order":1}}`)
    ok(await alice.call('DELETE', tagsPath(room, name)))
    expect(JSON.stringify(await tagsOf(room))).toBe('{}')
  },
)

test('what a client stored as m.tag otherwise counts as far as it is tags', async () => {
  const room = await alice.createRoom()
  for (const content of [{ tags: 'x' }, { tags: { a: 1, b: [], c: { order: 0 } }, more: 1 }]) {
    ok(await alice.call('PUT', dataPath(room), content))
  }
  expect(await tagsOf(room)).toEqual({ c: { order: 0 } })
})

test.each([
  [{ order: '0.5' }, 'M_BAD_JSON'],
  [{ order: null }, 'M_BAD_JSON'],
  [{ order: 1.001 }, 'M_INVALID_PARAM'],
  [{ order: -0.1 }, 'M_INVALID_PARAM'],
  [[], 'M_BAD_JSON'],
  ['x', 'M_BAD_JSON'],
])('the tag content %j is refused', async (content, errcode) => {
  const room = await alice.createRoom()
  const answer = await alice.call('PUT', tagsPath(room, 'u.x'), content)
  expect(answer).toMatchObject({ status: 400, body: { errcode } })
})

test.each(['x'.repeat(256), 'ä'.repeat(128), 'nul\0'])('a tag %# is no tag', async (name) => {
  const room = await alice.createRoom()
  for (const method of ['PUT', 'DELETE']) {
    const answer = await alice.call(method, tagsPath(room, name), {})
    expect(answer).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } })
  }
})

test('so many tags that they would not fit are refused', async () => {
  const room = await alice.createRoom()
  const content = { note: 'x'.repeat(260 * 1024) }
  const answer = await alice.call('PUT', tagsPath(room, 'u.big'), content)
  expect(answer).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } })
})

test("tags are nobody else's", async () => {
  const room = await alice.createRoom()
  await put(room, 'u.secret', {})
  const bob = await server.user('bob')
  for (const [method, target] of [
    ['GET', tagsPath(room)],
    ['PUT', tagsPath(room, 'u.x')],
    ['DELETE', tagsPath(room, 'u.secret')],
  ] as const) {
    const answer = await bob.call(method, target, method === 'PUT' ? {} : undefined)
    expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  }
  expect(await tagsOf(room)).toEqual({ 'u.secret': {} })
})

test('a room that is not known has no tags and takes none', async () => {
  const room = '!nowhere:test.example'
  expect(await tagsOf(room)).toEqual({})
  expect(ok(await alice.call('DELETE', tagsPath(room, 'u.x')))).toEqual({})
  const answer = await alice.call('PUT', tagsPath(room, 'u.x'), {})
  expect(answer).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } })
})
