import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const create = (body: unknown) => alice.call('POST', '/createRoom', body)

async function rooms(): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM rooms`.execute(server.ctx.db)
  return rows[0]?.n ?? 0
}

describe('createRoom', () => {
  it.each([...ROOM_VERSIONS.keys()])('makes a working room of version %s', async (version) => {
    const roomId = await alice.createRoom({
      room_version: version,
      preset: 'private_chat',
      name: 'Name',
      topic: 'Topic',
      invite: [bob.userId],
      is_direct: true,
    })
    expect(roomId.includes(':')).toBe(version !== '12')
    expect(await stateOf(alice, roomId, 'm.room.create')).toMatchObject({ room_version: version })
    expect(await stateOf(alice, roomId, 'm.room.name')).toEqual({ name: 'Name' })
    expect(await stateOf(alice, roomId, 'm.room.member', bob.userId)).toMatchObject({
      membership: 'invite',
      is_direct: true,
    })
    await bob.join(roomId)
    await bob.say(roomId, 'hello')
    await alice.say(roomId, 'hello')
    const denied = await bob.call('PUT', inRoom(roomId, 'state', 'm.room.name', ''), { name: 'b' })
    expectError(denied, 403, 'M_FORBIDDEN')
  })

  it('makes version 12 by default, with every event in order', async () => {
    const roomId = await alice.createRoom({ visibility: 'public', room_alias_name: 'order' })
    const body = ok(await alice.call('GET', `${inRoom(roomId, 'messages')}?dir=f&limit=50`))
    expect(list(body, 'chunk').map((event) => text(event, 'type'))).toEqual([
      'm.room.create',
      'm.room.member',
      'm.room.power_levels',
      'm.room.canonical_alias',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
    ])
    expect(roomId).toMatch(/^![A-Za-z0-9_-]{43}$/)
    expect(text(list(body, 'chunk')[0], 'event_id').slice(1)).toBe(roomId.slice(1))
  })

  it('gives the room its alias, once', async () => {
    const roomId = await alice.createRoom({ room_alias_name: 'pub', preset: 'public_chat' })
    expect(await stateOf(alice, roomId, 'm.room.canonical_alias')).toEqual({
      alias: '#pub:test.example',
    })
    const joined = await bob.call('POST', `/join/${encodeURIComponent('#pub:test.example')}`, {})
    expect(ok(joined)).toEqual({ room_id: roomId })
    const before = await rooms()
    expectError(await create({ room_alias_name: 'pub' }), 400, 'M_ROOM_IN_USE')
    expect(await rooms()).toBe(before)
  })

  it('frees the alias of a room that was refused', async () => {
    const bad = { room_alias_name: 'again', power_level_content_override: { users: 5 } }
    expectError(await create(bad), 400, 'M_INVALID_ROOM_STATE')
    await alice.createRoom({ room_alias_name: 'again' })
  })

  it('remembers which rooms are published', async () => {
    const roomId = await alice.createRoom({ visibility: 'public' })
    await alice.createRoom({ visibility: 'private' })
    const { rows } = await sql<{ room_id: string }>`
      SELECT room_id FROM public_rooms WHERE room_id = ${roomId}`.execute(server.ctx.db)
    expect(rows).toHaveLength(1)
  })

  it('stores nothing of a room whose state is not allowed', async () => {
    const before = await rooms()
    for (const body of [
      // the creator would lose the power to go on
      { room_version: '11', name: 'n', power_level_content_override: { users: {} } },
      // a creator has no level of their own from version 12
      { power_level_content_override: { users: { [alice.userId]: 100 } } },
      { initial_state: [{ type: 'm.room.create', content: {} }] },
      { invite: [alice.userId] },
      { creation_content: { additional_creators: ['bob'] } },
    ]) {
      expectError(await create(body), 400, 'M_INVALID_ROOM_STATE')
    }
    expect(await rooms()).toBe(before)
  })

  it.each([
    ['{', 'M_NOT_JSON'],
    ['[]', 'M_BAD_JSON'],
    ['{"name":5}', 'M_BAD_JSON'],
    ['{"invite":"@bob:test.example"}', 'M_BAD_JSON'],
    ['{"invite":["bob"]}', 'M_INVALID_PARAM'],
    ['{"preset":"cosy"}', 'M_INVALID_PARAM'],
    ['{"initial_state":[{"content":{}}]}', 'M_MISSING_PARAM'],
    ['{"initial_state":[{"type":"x","content":{"n":1.5}}]}', 'M_BAD_JSON'],
    ['{"creation_content":{"n":9007199254740992}}', 'M_BAD_JSON'],
    ['{"room_alias_name":"a:b"}', 'M_INVALID_PARAM'],
    ['{"room_alias_name":"a b"}', 'M_INVALID_PARAM'],
    ['{"room_version":"13"}', 'M_UNSUPPORTED_ROOM_VERSION'],
    ['{"room_version":"1"}', 'M_UNSUPPORTED_ROOM_VERSION'],
    [`{"topic":"${'x'.repeat(70_000)}"}`, 'M_TOO_LARGE'],
    ['{"topic":"\\ud800"}', 'M_BAD_JSON'],
  ])('refuses %.60s with %s', async (raw, errcode) => {
    const path = '/_matrix/client/v3/createRoom'
    const answer = await server.request('POST', path, { token: alice.token, raw })
    expectError(answer, errcode === 'M_TOO_LARGE' ? 413 : 400, errcode)
  })

  it('refuses invitations that cannot be delivered', async () => {
    const threepid = { medium: 'email', address: 'a@b.c', id_server: 'x', id_access_token: 'y' }
    expectError(await create({ invite_3pid: [threepid] }), 403, 'M_SERVER_NOT_TRUSTED')
    expectError(await create({ invite: ['@bob:elsewhere.example'] }), 403, 'M_FORBIDDEN')
  })

  it('invites a hundred users in one go', async () => {
    const invite = Array.from({ length: 100 }, (_, n) => `@guest${n}:test.example`)
    const roomId = await alice.createRoom({ invite })
    const body = ok(await alice.call('GET', `${inRoom(roomId, 'members')}?membership=invite`))
    expect(list(body, 'chunk')).toHaveLength(100)
  })

  it('works under the older prefixes', async () => {
    for (const prefix of ['r0', 'unstable']) {
      const path = `/_matrix/client/${prefix}/createRoom`
      ok(await server.request('POST', path, { token: alice.token, body: {} }))
    }
  })

  it('keeps a key named __proto__ in content', async () => {
    const raw = '{"initial_state":[{"type":"x.proto","content":{"__proto__":{"a":1}}}]}'
    const path = '/_matrix/client/v3/createRoom'
    const roomId = text(
      ok(await server.request('POST', path, { token: alice.token, raw })),
      'room_id',
    )
    const state = await alice.call('GET', inRoom(roomId, 'state', 'x.proto', ''))
    expect(state.text).toBe('{"__proto__":{"a":1}}')
  })
})
