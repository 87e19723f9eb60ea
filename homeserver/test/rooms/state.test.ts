import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
beforeEach(async () => {
  roomId = await alice.createRoom({ preset: 'public_chat' })
})
afterAll(() => server[Symbol.asyncDispose]())

const put = (user: TestUser, type: string, key: string | undefined, content: unknown) => {
  const path =
    key === undefined ? inRoom(roomId, 'state', type) : inRoom(roomId, 'state', type, key)
  return user.call('PUT', path, content)
}

describe('state', () => {
  it('has one empty key with, without and after a slash', async () => {
    ok(await put(alice, 'x.one', undefined, { n: 1 }))
    for (const path of [inRoom(roomId, 'state', 'x.one'), inRoom(roomId, 'state', 'x.one', '')]) {
      expect(ok(await alice.call('GET', path))).toEqual({ n: 1 })
    }
    ok(await alice.call('PUT', `${inRoom(roomId, 'state', 'x.one')}/`, { n: 2 }))
    expect(await stateOf(alice, roomId, 'x.one')).toEqual({ n: 2 })
  })

  it('has keys that are decoded once', async () => {
    ok(await put(alice, 'x/y', 'a%2Fb/ü', { n: 1 }))
    expect(await stateOf(alice, roomId, 'x/y', 'a%2Fb/ü')).toEqual({ n: 1 })
  })

  it('gives the whole event when asked to, with what it replaced', async () => {
    const first = text(ok(await put(alice, 'x.one', 'k', { n: 1 })), 'event_id')
    const second = text(ok(await put(alice, 'x.one', 'k', { n: 2 })), 'event_id')
    const path = `${inRoom(roomId, 'state', 'x.one', 'k')}?format=event`
    expect(ok(await alice.call('GET', path))).toMatchObject({
      type: 'x.one',
      state_key: 'k',
      event_id: second,
      room_id: roomId,
      sender: alice.userId,
      content: { n: 2 },
      unsigned: { prev_content: { n: 1 }, replaces_state: first },
    })
    const bad = `${inRoom(roomId, 'state', 'x.one', 'k')}?format=xml`
    expectError(await alice.call('GET', bad), 400, 'M_INVALID_PARAM')
  })

  it('keeps the event when the same is set again by the same user', async () => {
    const first = ok(await put(alice, 'x.one', '', { a: 1, b: [2] }))
    expect(ok(await put(alice, 'x.one', '', { b: [2], a: 1 }))).toEqual(first)
    const other = ok(await put(alice, 'x.one', '', { a: 1, b: [3] }))
    expect(other).not.toEqual(first)
    expect(ok(await put(alice, 'x.one', '', { a: 1, b: [2] }))).not.toEqual(first)
    const both = await Promise.all([put(alice, 'x.two', '', {}), put(alice, 'x.two', '', {})])
    expect(ok(both[0])).toEqual(ok(both[1]))
  })

  it('is listed whole', async () => {
    ok(await put(alice, 'x.one', 'k', { n: 1 }))
    const events = list(ok(await alice.call('GET', inRoom(roomId, 'state'))))
    const types = events.map((event) => text(event, 'type'))
    expect(types.sort()).toEqual([
      'm.room.create',
      'm.room.guest_access',
      'm.room.history_visibility',
      'm.room.join_rules',
      'm.room.member',
      'm.room.power_levels',
      'x.one',
    ])
    expect(events.every((event) => at(event, 'room_id') === roomId)).toBe(true)
  })

  it('is not found when nobody set it', async () => {
    expectError(await alice.call('GET', inRoom(roomId, 'state', 'x', '')), 404, 'M_NOT_FOUND')
  })

  it('is hidden from those who have never been in the room, and of rooms that do not exist', async () => {
    const paths = [
      inRoom(roomId, 'state'),
      inRoom(roomId, 'state', 'm.room.create', ''),
      inRoom('!nowhere:test.example', 'state'),
    ]
    for (const path of paths) expectError(await bob.call('GET', path), 403, 'M_FORBIDDEN')
    const invited = await alice.createRoom({ invite: [bob.userId] })
    expectError(await bob.call('GET', inRoom(invited, 'state')), 403, 'M_FORBIDDEN')
    await bob.leave(invited)
    expectError(await bob.call('GET', inRoom(invited, 'state')), 403, 'M_FORBIDDEN')
  })

  it('is shown to everybody while the history is world-readable', async () => {
    await alice.setState(roomId, 'm.room.history_visibility', '', {
      history_visibility: 'world_readable',
    })
    expect(await stateOf(bob, roomId, 'm.room.join_rules')).toEqual({ join_rule: 'public' })
  })

  it('stays for those who left what it was when they left', async () => {
    await bob.join(roomId)
    await alice.setState(roomId, 'm.room.name', '', { name: 'before' })
    await bob.leave(roomId)
    await alice.setState(roomId, 'm.room.name', '', { name: 'after' })
    await alice.setState(roomId, 'x.new', '', {})
    expect(await stateOf(bob, roomId, 'm.room.name')).toEqual({ name: 'before' })
    expectError(await bob.call('GET', inRoom(roomId, 'state', 'x.new', '')), 404, 'M_NOT_FOUND')
    const all = list(ok(await bob.call('GET', inRoom(roomId, 'state'))))
    const name = all.find((event) => at(event, 'type') === 'm.room.name')
    expect(at(name, 'content', 'name')).toBe('before')
    expect(all.some((event) => at(event, 'type') === 'x.new')).toBe(false)
  })

  it('of a user who was banned, invited again and joined again is current again', async () => {
    await bob.join(roomId)
    await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'ban' })
    await alice.setState(roomId, 'm.room.name', '', { name: 'after' })
    expectError(
      await bob.call('GET', inRoom(roomId, 'state', 'm.room.name', '')),
      404,
      'M_NOT_FOUND',
    )
    await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'leave' })
    await alice.invite(roomId, bob.userId)
    expectError(
      await bob.call('GET', inRoom(roomId, 'state', 'm.room.name', '')),
      404,
      'M_NOT_FOUND',
    )
    await bob.join(roomId)
    expect(await stateOf(bob, roomId, 'm.room.name')).toEqual({ name: 'after' })
  })
})

describe('setting state', () => {
  it('needs the power for it', async () => {
    await bob.join(roomId)
    expectError(await put(bob, 'm.room.name', '', { name: 'b' }), 403, 'M_FORBIDDEN')
    expectError(await put(bob, 'x', '', {}), 403, 'M_FORBIDDEN')
    ok(await put(bob, 'org.matrix.msc3401.call.member', `_${bob.userId}_D_m.call`, {}))
  })

  it('keeps keys that are user ids to these users', async () => {
    expectError(await put(alice, 'x', bob.userId, {}), 403, 'M_FORBIDDEN')
    ok(await put(alice, 'x', alice.userId, {}))
  })

  it('cannot be done from outside', async () => {
    expectError(await put(bob, 'x', '', {}), 403, 'M_FORBIDDEN')
    const levels = { users: { [alice.userId]: 100 } }
    expectError(await put(bob, 'm.room.power_levels', '', levels), 403, 'M_FORBIDDEN')
  })

  it('never makes a second create event', async () => {
    expectError(await put(alice, 'm.room.create', '', {}), 400, 'M_BAD_JSON')
  })

  it.each([
    [{ users: { '@alice:test.example': '100' } }, 400, 'M_BAD_JSON'],
    [{ ban: '50' }, 400, 'M_BAD_JSON'],
    [{ events: [] }, 400, 'M_BAD_JSON'],
    [{ users: { alice: 1 } }, 400, 'M_BAD_JSON'],
    // a creator of version 12 stands in no list
    [{ users: { '@alice:test.example': 100 } }, 400, 'M_BAD_JSON'],
  ])('refuses power levels %j with %i %s', async (content, status, errcode) => {
    expectError(await put(alice, 'm.room.power_levels', '', content), status, errcode)
  })

  it('checks aliases that are new', async () => {
    const alias = { alias: '#elsewhere:test.example' }
    expectError(await put(alice, 'm.room.canonical_alias', '', alias), 400, 'M_BAD_ALIAS')
    const bad = { alt_aliases: ['elsewhere'] }
    expectError(await put(alice, 'm.room.canonical_alias', '', bad), 400, 'M_INVALID_PARAM')
    roomId = await alice.createRoom({ room_alias_name: 'mine' })
    ok(
      await put(alice, 'm.room.canonical_alias', '', {
        alias: '#mine:test.example',
        alt_aliases: ['#mine:test.example'],
      }),
    )
  })

  it('of a membership follows the rules of memberships', async () => {
    ok(await put(bob, 'm.room.member', bob.userId, { membership: 'join', displayname: 'Mine' }))
    expect(await stateOf(alice, roomId, 'm.room.member', bob.userId)).toEqual({
      membership: 'join',
      displayname: 'Mine',
    })
    expectError(
      await put(bob, 'm.room.member', alice.userId, { membership: 'leave' }),
      403,
      'M_FORBIDDEN',
    )
    expectError(await put(bob, 'm.room.member', bob.userId, {}), 400, 'M_BAD_JSON')
    expectError(
      await put(bob, 'm.room.member', 'bob', { membership: 'join' }),
      400,
      'M_INVALID_PARAM',
    )
    ok(await put(alice, 'm.room.member', bob.userId, { membership: 'leave', reason: 'out' }))
    const joined = list(ok(await bob.call('GET', '/joined_rooms')), 'joined_rooms')
    expect(joined).not.toContain(roomId)
  })

  it('refuses numbers and sizes that no event can have', async () => {
    const path = `/_matrix/client/v3${inRoom(roomId, 'state', 'x', '')}`
    const raw = (text: string) => server.request('PUT', path, { token: alice.token, raw: text })
    expectError(await raw('{"n":0.5}'), 400, 'M_BAD_JSON')
    expectError(await raw(`{"n":"${'x'.repeat(65_536)}"}`), 413, 'M_TOO_LARGE')
    expectError(await put(alice, 'x', 'k'.repeat(256), {}), 413, 'M_TOO_LARGE')
    expectError(await put(alice, 'm.room.redaction', '', { redacts: '$x' }), 400, 'M_BAD_JSON')
  })
})
