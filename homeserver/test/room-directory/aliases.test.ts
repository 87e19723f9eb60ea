import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { list, ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const pathOf = (alias: string) => `/directory/room/${encodeURIComponent(alias)}`
const freshAlias = () => `#alias${(count += 1)}:test.example`
const resolve = (alias: string) => server.request('GET', `/_matrix/client/v3${pathOf(alias)}`)
const aliasesOf = async (user: TestUser, roomId: string) =>
  list(ok(await user.call('GET', inRoom(roomId, 'aliases'))), 'aliases')

async function named(user: TestUser, roomId: string, alias = freshAlias()): Promise<string> {
  expect(ok(await user.call('PUT', pathOf(alias), { room_id: roomId }))).toEqual({})
  return alias
}

describe('an alias', () => {
  it('is given by any member, found by everybody and listed', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    const alias = await named(bob, roomId)
    expect(ok(await resolve(alias))).toEqual({ room_id: roomId, servers: ['test.example'] })
    expect(await aliasesOf(alice, roomId)).toEqual([alias])
    const joined = await server.user('joiner')
    ok(await joined.call('POST', `/join/${encodeURIComponent(alias)}`, {}))
  })

  it('may have any characters, and is decoded once', async () => {
    const roomId = await alice.createRoom()
    for (const alias of ['#ünï/cödé 😀:test.example', '#a%2Fb:test.example', '#A:test.example']) {
      await named(alice, roomId, alias)
      expect(ok(await resolve(alias))).toMatchObject({ room_id: roomId })
    }
    expectError(await resolve('#a/b:test.example'), 404, 'M_NOT_FOUND')
    expectError(await resolve('#a:test.example'), 404, 'M_NOT_FOUND')
  })

  it('belongs to one room', async () => {
    const roomId = await alice.createRoom()
    const alias = await named(alice, roomId)
    const other = await alice.createRoom()
    for (const taker of [roomId, other]) {
      expectError(await alice.call('PUT', pathOf(alias), { room_id: taker }), 409, 'M_UNKNOWN')
    }
    expect(ok(await resolve(alias))).toMatchObject({ room_id: roomId })
  })

  it('is given once, however many ask at the same time', async () => {
    const rooms = await Promise.all([alice, bob, alice, bob].map((user) => user.createRoom()))
    const alias = freshAlias()
    const answers = await Promise.all(
      rooms.map((roomId, i) =>
        (i % 2 === 0 ? alice : bob).call('PUT', pathOf(alias), { room_id: roomId }),
      ),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409])
  })

  it('is not given by outsiders, nor to rooms that do not exist', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    for (const room_id of [roomId, '!nowhere:test.example']) {
      expectError(await bob.call('PUT', pathOf(freshAlias()), { room_id }), 403, 'M_FORBIDDEN')
    }
  })

  test.each([
    ['#x:other.example', { room_id: '!r:test.example' }, 'M_INVALID_PARAM'],
    ['no-alias', { room_id: '!r:test.example' }, 'M_INVALID_PARAM'],
    [`#${'x'.repeat(250)}:test.example`, { room_id: '!r:test.example' }, 'M_INVALID_PARAM'],
    ['#a\0b:test.example', { room_id: '!r:test.example' }, 'M_INVALID_PARAM'],
    ['#ok:test.example', {}, 'M_MISSING_PARAM'],
    ['#ok:test.example', { room_id: 5 }, 'M_BAD_JSON'],
    ['#ok:test.example', { room_id: 'r' }, 'M_INVALID_PARAM'],
  ])('cannot be %s with %j', async (alias, body, errcode) => {
    expectError(await alice.call('PUT', pathOf(alias), body), 400, errcode)
  })
})

describe('taking an alias away', () => {
  const remove = (user: TestUser, alias: string) => user.call('DELETE', pathOf(alias))

  it('is for its giver, even after they have left', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    const alias = await named(bob, roomId)
    await bob.leave(roomId)
    expect(ok(await remove(bob, alias))).toEqual({})
    expectError(await resolve(alias), 404, 'M_NOT_FOUND')
    expectError(await remove(bob, alias), 404, 'M_NOT_FOUND')
    expect(await aliasesOf(alice, roomId)).toEqual([])
  })

  it("is for those with power in the room, and the server's administrators", async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    const alias = await named(bob, roomId)
    ok(await remove(alice, alias))
    const root = await server.user('root')
    await server.ctx.db
      .updateTable('accounts')
      .set({ admin: true })
      .where('user_id', '=', root.userId)
      .execute()
    const another = await named(alice, roomId)
    ok(await remove(await root.otherDevice(), another))
  })

  it('is not for other members, nor for power in another room', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const alias = await named(alice, roomId)
    await bob.createRoom()
    expectError(await remove(bob, alias), 403, 'M_FORBIDDEN')
    await bob.join(roomId)
    expectError(await remove(bob, alias), 403, 'M_FORBIDDEN')
    expect(ok(await resolve(alias))).toMatchObject({ room_id: roomId })
  })

  it('takes it out of m.room.canonical_alias, where the user may write that', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const [main, other, kept] = [
      await named(alice, roomId),
      await named(alice, roomId),
      await named(alice, roomId),
    ]
    const content = { alias: main, alt_aliases: [other, kept], 'org.example.extra': 1 }
    await alice.setState(roomId, 'm.room.canonical_alias', '', content)
    ok(await remove(alice, other))
    expect(await stateOf(alice, roomId, 'm.room.canonical_alias')).toEqual({
      alias: main,
      alt_aliases: [kept],
      'org.example.extra': 1,
    })
    ok(await remove(alice, main))
    expect(await stateOf(alice, roomId, 'm.room.canonical_alias')).toEqual({
      alt_aliases: [kept],
      'org.example.extra': 1,
    })
  })

  it('succeeds where the user may not write m.room.canonical_alias', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    const alias = await named(bob, roomId)
    await alice.setState(roomId, 'm.room.canonical_alias', '', { alias })
    ok(await remove(bob, alias))
    expectError(await resolve(alias), 404, 'M_NOT_FOUND')
    expect(await stateOf(alice, roomId, 'm.room.canonical_alias')).toEqual({ alias })
  })

  it("does not reach another server's alias", async () => {
    expectError(await remove(alice, '#x:other.example'), 404, 'M_NOT_FOUND')
    expectError(await resolve('#x:other.example'), 404, 'M_NOT_FOUND')
    expectError(await resolve('bad'), 400, 'M_INVALID_PARAM')
  })
})

test("a room's aliases are for its members, and for all where everybody may read", async () => {
  const roomId = await alice.createRoom({ preset: 'public_chat' })
  const alias = await named(alice, roomId)
  const read = () => bob.call('GET', inRoom(roomId, 'aliases'))
  expectError(await read(), 403, 'M_FORBIDDEN')
  await bob.join(roomId)
  ok(await read())
  await bob.leave(roomId)
  expectError(await read(), 403, 'M_FORBIDDEN')
  await alice.setState(roomId, 'm.room.history_visibility', '', {
    history_visibility: 'world_readable',
  })
  expect(await aliasesOf(bob, roomId)).toEqual([alias])
  const nowhere = inRoom('!nowhere:test.example', 'aliases')
  expectError(await alice.call('GET', nowhere), 403, 'M_FORBIDDEN')
})
