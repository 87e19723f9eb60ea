import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'
import { listed, publicRooms, searchRooms } from './public-rooms.ts'

let server: TestServer
let alice: TestUser
let members: TestUser[]

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  members = await Promise.all(['bob', 'carol', 'dan'].map((name) => server.user(name)))
})
afterAll(() => server[Symbol.asyncDispose]())

const publish = (options: Readonly<Record<string, unknown>> = {}) =>
  alice.createRoom({ visibility: 'public', ...options })

async function entryOf(roomId: string): Promise<unknown> {
  const { chunk } = await publicRooms(server)
  return chunk.find((room) => at(room, 'room_id') === roomId)
}

describe('an entry', () => {
  it('tells what the room is now', async () => {
    const roomId = await publish({
      name: 'Cheese',
      topic: 'Tasty',
      room_alias_name: 'cheese',
      creation_content: { type: 'm.space' },
    })
    const entry = {
      room_id: roomId,
      name: 'Cheese',
      topic: 'Tasty',
      canonical_alias: '#cheese:test.example',
      num_joined_members: 1,
      world_readable: false,
      guest_can_join: false,
      join_rule: 'public',
      room_type: 'm.space',
    }
    expect(await entryOf(roomId)).toEqual(entry)
    const [bob] = members
    await bob?.join(roomId)
    await alice.setState(roomId, 'm.room.name', '', { name: 'Bread' })
    await alice.setState(roomId, 'm.room.topic', '', {})
    await alice.setState(roomId, 'm.room.avatar', '', { url: 'mxc://test.example/a' })
    await alice.setState(roomId, 'm.room.join_rules', '', { join_rule: 'knock' })
    await alice.setState(roomId, 'm.room.guest_access', '', { guest_access: 'can_join' })
    await alice.setState(roomId, 'm.room.history_visibility', '', {
      history_visibility: 'world_readable',
    })
    const { topic: _, ...rest } = entry
    expect(await entryOf(roomId)).toEqual({
      ...rest,
      name: 'Bread',
      avatar_url: 'mxc://test.example/a',
      num_joined_members: 2,
      world_readable: true,
      guest_can_join: true,
      join_rule: 'knock',
    })
    await bob?.leave(roomId)
    expect(await entryOf(roomId)).toMatchObject({ num_joined_members: 1 })
  })

  it('no longer has what was redacted', async () => {
    const roomId = await publish({ name: 'Innocent' })
    const event = await alice.setState(roomId, 'm.room.name', '', { name: 'Shameful' })
    expect(await entryOf(roomId)).toMatchObject({ name: 'Shameful' })
    ok(await alice.call('PUT', inRoom(roomId, 'redact', event, 'txn'), {}))
    expect(await entryOf(roomId)).not.toHaveProperty('name')
    expect((await searchRooms(alice, { filter: { generic_search_term: 'shame' } })).rooms).toEqual(
      [],
    )
  })

  it('leaves out what has not the type it should have', async () => {
    const roomId = await publish()
    await alice.setState(roomId, 'm.room.name', '', { name: { a: 1 } })
    await alice.setState(roomId, 'm.room.topic', '', { topic: 7 })
    expect(Object.keys((await entryOf(roomId)) ?? {}).sort()).toEqual([
      'guest_can_join',
      'join_rule',
      'num_joined_members',
      'room_id',
      'world_readable',
    ])
  })
})

describe('private room metadata (CVE-2021-39163, -39164)', () => {
  it('of a room that is not published is never listed or found, not even by members', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat', name: 'Unlisted secret' })
    expect(await listed(server)).not.toContain(roomId)
    const found = await searchRooms(alice, { filter: { generic_search_term: 'unlisted secret' } })
    expect(found).toMatchObject({ rooms: [], total: 0 })
  })

  it('is not told any more once a published room admits only the invited', async () => {
    const roomId = await publish({ name: 'Before' })
    expect(await listed(server)).toContain(roomId)
    await alice.setState(roomId, 'm.room.join_rules', '', { join_rule: 'invite' })
    await alice.setState(roomId, 'm.room.name', '', { name: 'Behind closed doors' })
    expect(await listed(server)).not.toContain(roomId)
    const found = await searchRooms(alice, { filter: { generic_search_term: 'closed doors' } })
    expect(found).toMatchObject({ rooms: [], total: 0 })
  })

  it('is not told of a room that all have left', async () => {
    const roomId = await publish()
    await alice.leave(roomId)
    expect(await listed(server)).not.toContain(roomId)
  })
})

describe('a search', () => {
  const find = async (term: string) =>
    (await searchRooms(alice, { filter: { generic_search_term: term } })).rooms

  it('finds by name, topic and alias, in any case and script', async () => {
    const roomId = await publish({
      name: 'Жёлтая ПОДВОДНАЯ лодка',
      topic: '黄色い潜水艦の部屋',
      room_alias_name: 'Sous-Marin',
    })
    for (const term of ['жёлтая', 'лодка подводная', '潜水', '水', 'SOUS-marin', '#sous']) {
      expect({ term, rooms: await find(term) }).toEqual({ term, rooms: [roomId] })
    }
    expect(await find('жёлтая красная')).toEqual([])
    expect(await find('%')).toEqual([])
    expect(await find("_'\\")).toEqual([])
  })

  it('by nothing finds everything', async () => {
    await publish()
    const all = await searchRooms(alice, {})
    for (const term of ['', '  ', null]) {
      expect(await searchRooms(alice, { filter: { generic_search_term: term } })).toEqual(all)
    }
  })

  it('is narrowed to types of rooms, null standing for none', async () => {
    const name = 'Typed place'
    const plain = await publish({ name })
    const space = await publish({ name, creation_content: { type: 'm.space' } })
    const other = await publish({ name, creation_content: { type: 'org.example' } })
    const byTypes = async (room_types: unknown) =>
      new Set(
        (await searchRooms(alice, { filter: { generic_search_term: name, room_types } })).rooms,
      )
    expect(await byTypes([null])).toEqual(new Set([plain]))
    expect(await byTypes(['m.space'])).toEqual(new Set([space]))
    expect(await byTypes([null, 'org.example'])).toEqual(new Set([plain, other]))
    expect(await byTypes([])).toEqual(new Set())
    expect(await byTypes(null)).toEqual(new Set([plain, space, other]))
  })
})

test('pages go to the end and back in one order, most members first', async () => {
  const name = 'Paged'
  const rooms: string[] = []
  for (let size = 0; size < 7; size++) {
    const roomId = await publish({ name })
    for (const member of members.slice(0, size % 4)) await member.join(roomId)
    rooms.push(roomId)
  }
  const page = (since?: string) =>
    searchRooms(alice, { limit: 3, since, filter: { generic_search_term: name } })
  const first = await page()
  const second = await page(first.next)
  const third = await page(second.next)
  expect([first, second, third].map((each) => each.rooms.length)).toEqual([3, 3, 1])
  expect([first.prev, third.next]).toEqual([undefined, undefined])
  const all = [...first.rooms, ...second.rooms, ...third.rooms]
  expect(new Set(all)).toEqual(new Set(rooms))
  const sizes = [first, second, third].flatMap(({ chunk }) =>
    chunk.map((room) => at(room, 'num_joined_members')),
  )
  expect(sizes).toEqual([4, 3, 3, 2, 2, 1, 1])
  expect([first, second, third].map(({ total }) => total)).toEqual([7, 7, 7])
  const secondAgain = await page(third.prev)
  expect(secondAgain.rooms).toEqual(second.rooms)
  const firstAgain = await page(secondAgain.prev)
  expect(firstAgain.rooms).toEqual(first.rooms)
  expect(firstAgain.prev).toBeUndefined()
  expect((await page(firstAgain.next)).rooms).toEqual(second.rooms)
  expect((await page(secondAgain.next)).rooms).toEqual(third.rooms)
})

test('the plain list is paged, and told to anybody', async () => {
  await publish()
  await publish()
  const first = await publicRooms(server, { limit: '1' })
  expect(first.rooms).toHaveLength(1)
  const second = await publicRooms(server, { limit: '1', since: text(first, 'next') })
  expect(second.rooms).not.toEqual(first.rooms)
  expect((await publicRooms(server, { limit: '999999999', server: 'test.example' })).rooms).toEqual(
    await listed(server),
  )
})

test('there are no rooms of third-party networks', async () => {
  expect(await searchRooms(alice, { third_party_instance_id: 'irc' })).toMatchObject({
    rooms: [],
    total: 0,
  })
  const all = await searchRooms(alice, { include_all_networks: true })
  expect(all.rooms).toEqual(await listed(server))
})

test.each([
  ['limit=-1', 400, 'M_INVALID_PARAM'],
  ['limit=x', 400, 'M_INVALID_PARAM'],
  ['since=5', 400, 'M_INVALID_PARAM'],
  ['since=n99999999999_1', 400, 'M_INVALID_PARAM'],
  ['server=no%20server', 400, 'M_INVALID_PARAM'],
  ['server=other.example', 403, 'M_FORBIDDEN'],
])('the list cannot be asked for with %s', async (query, status, errcode) => {
  expectError(
    await server.request('GET', `/_matrix/client/v3/publicRooms?${query}`),
    status,
    errcode,
  )
})

test.each([
  [{ limit: 'x' }, 'M_BAD_JSON'],
  [{ limit: -1 }, 'M_INVALID_PARAM'],
  [{ limit: 1.5 }, 'M_INVALID_PARAM'],
  [{ since: 'p' }, 'M_INVALID_PARAM'],
  [{ filter: [] }, 'M_BAD_JSON'],
  [{ filter: { room_types: 'm.space' } }, 'M_BAD_JSON'],
  [{ filter: { room_types: ['\0'] } }, 'M_INVALID_PARAM'],
  [{ filter: { room_types: [1] } }, 'M_BAD_JSON'],
  [{ include_all_networks: true, third_party_instance_id: 'irc' }, 'M_INVALID_PARAM'],
])('a search cannot be %j', async (body, errcode) => {
  expectError(await alice.call('POST', '/publicRooms', body), 400, errcode)
})

test('a search needs a token', async () => {
  const answer = await server.request('POST', '/_matrix/client/v3/publicRooms', { body: {} })
  expectError(answer, 401, 'M_MISSING_TOKEN')
})
