import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRoomId } from '#matrix/ids.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, messages, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let carol: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
  carol = await server.user('carol')
})
afterAll(() => server[Symbol.asyncDispose]())

const upgrade = (user: TestUser, roomId: string, new_version: unknown, more: object = {}) =>
  user.call('POST', inRoom(roomId, 'upgrade'), { new_version, ...more })
const upgraded = async (user: TestUser, roomId: string, version: string, more?: object) =>
  text(ok(await upgrade(user, roomId, version, more)), 'replacement_room')
const stateIfAny = async (user: TestUser, roomId: string, type: string, key = '') => {
  const { status, body } = await user.call('GET', inRoom(roomId, 'state', type, key))
  return status === 404 ? undefined : body
}
const aliasOf = async (alias: string) => {
  const path = `/_matrix/client/v1/room_summary/${encodeURIComponent(alias)}`
  return at(ok(await server.request('GET', path, { token: alice.token })), 'room_id')
}

describe('an upgraded room', () => {
  it.each([
    ['10', '11'],
    ['11', '12'],
    ['12', '12'],
    ['12', '11'],
    ['3', '12'],
  ])('of version %s points at its successor of version %s, and back', async (from, to) => {
    const oldId = await alice.createRoom({
      room_version: from,
      preset: 'public_chat',
      creation_content: { type: 'org.example.kind', 'm.federate': false, 'org.example.x': 1 },
    })
    const last = await alice.say(oldId, 'the last word')
    const newId = await upgraded(alice, oldId, to)
    expect(await stateOf(alice, oldId, 'm.room.tombstone')).toEqual({
      body: 'This room has been replaced.',
      replacement_room: newId,
    })
    expect(await stateOf(alice, newId, 'm.room.create')).toEqual({
      type: 'org.example.kind',
      'm.federate': false,
      room_version: to,
      predecessor: { room_id: oldId, ...(to !== '12' && { event_id: last }) },
      ...(Number(to) < 11 && { creator: alice.userId }),
    })
    expect(newId.includes(':')).toBe(to !== '12')
    expect(list(ok(await alice.call('GET', '/joined_rooms')), 'joined_rooms')).toContain(newId)
  })

  it('takes over its state, and no members', async () => {
    const carried = {
      'm.room.join_rules': { join_rule: 'knock', extra: true },
      'm.room.history_visibility': { history_visibility: 'joined' },
      'm.room.guest_access': { guest_access: 'forbidden' },
      'm.room.encryption': { algorithm: 'm.megolm.v1.aes-sha2' },
      'm.room.server_acl': { allow: ['*'], deny: ['evil.example'] },
      'm.room.name': { name: 'Name' },
      'm.room.topic': { topic: 'Topic', 'm.topic': { 'm.text': [{ body: 'Topic' }] } },
      'm.room.avatar': { url: 'mxc://test.example/a' },
    }
    const oldId = await alice.createRoom({
      room_version: '10',
      invite: [bob.userId],
      initial_state: [
        ...Object.entries(carried).map(([type, content]) => ({ type, content })),
        { type: 'org.example.own', content: { sensitive: 'to its sender' } },
      ],
    })
    await bob.join(oldId)
    const newId = await upgraded(alice, oldId, '11')
    for (const [type, content] of Object.entries(carried)) {
      expect(await stateOf(alice, newId, type)).toEqual(content)
    }
    expect(await stateIfAny(alice, newId, 'org.example.own')).toBeUndefined()
    expect(await stateIfAny(alice, newId, 'm.room.member', bob.userId)).toBeUndefined()
  })

  it('keeps its bans with their reasons', async () => {
    const oldId = await alice.createRoom({ room_version: '10', preset: 'public_chat' })
    const reasons = new Map([
      [bob, 'spam'],
      [carol, undefined],
    ])
    for (const [user, reason] of reasons) {
      await user.join(oldId)
      ok(await alice.call('POST', inRoom(oldId, 'ban'), { user_id: user.userId, reason }))
    }
    const newId = await upgraded(alice, oldId, '11')
    for (const [user, reason] of reasons) {
      expect(await stateOf(alice, newId, 'm.room.member', user.userId)).toEqual({
        membership: 'ban',
        ...(reason !== undefined && { reason }),
      })
      expectError(await user.call('POST', inRoom(newId, 'join'), {}), 403, 'M_FORBIDDEN')
    }
  })

  it('hands over its aliases and its place in the directory', async () => {
    const oldId = await alice.createRoom({
      room_version: '10',
      preset: 'public_chat',
      visibility: 'public',
      room_alias_name: 'moving',
    })
    const newId = await upgraded(alice, oldId, '12')
    expect(await aliasOf('#moving:test.example')).toBe(newId)
    expect(await stateOf(alice, newId, 'm.room.canonical_alias')).toEqual({
      alias: '#moving:test.example',
    })
    expect(await stateOf(alice, oldId, 'm.room.canonical_alias')).toEqual({})
    const published = await Promise.all(
      [oldId, newId].map((id) => server.ctx.directory.isPublished(parseRoomId(id))),
    )
    expect(published).toEqual([false, true])
  })

  it('that is a space keeps its links', async () => {
    const child = await alice.createRoom()
    const oldId = await alice.createRoom({
      room_version: '10',
      creation_content: { type: 'm.space' },
    })
    const via = ['test.example']
    await alice.setState(oldId, 'm.space.child', child, { via, order: 'a' })
    await alice.setState(oldId, 'm.space.child', '!gone:test.example', {})
    await alice.setState(oldId, 'm.space.parent', '!up:test.example', { via, canonical: true })
    const newId = await upgraded(alice, oldId, '12')
    expect(await stateOf(alice, newId, 'm.room.create')).toMatchObject({ type: 'm.space' })
    expect(await stateOf(alice, newId, 'm.space.child', child)).toEqual({ via, order: 'a' })
    expect(await stateIfAny(alice, newId, 'm.space.child', '!gone:test.example')).toBeUndefined()
    expect(await stateOf(alice, newId, 'm.space.parent', '!up:test.example')).toEqual({
      via,
      canonical: true,
    })
  })

  it('becomes quiet', async () => {
    const oldId = await alice.createRoom({ room_version: '10', preset: 'public_chat' })
    await bob.join(oldId)
    await upgraded(alice, oldId, '11')
    expect(await stateOf(alice, oldId, 'm.room.power_levels')).toMatchObject({
      events_default: 50,
      invite: 50,
    })
    const path = inRoom(oldId, 'send', 'm.room.message', 'late')
    expectError(await bob.call('PUT', path, { msgtype: 'm.text', body: 'x' }), 403, 'M_FORBIDDEN')
  })
})

describe('the power levels of an upgraded room', () => {
  const room = (version: string, users: object, more: object = {}) =>
    alice.createRoom({
      room_version: version,
      preset: 'public_chat',
      power_level_content_override: { users, ...more },
    })

  it('list no creators from version 12, and do before it', async () => {
    const { userId: a } = alice
    const { userId: b } = bob
    const { userId: c } = carol
    const v11 = await room('11', { [a]: 100, [b]: 100, [c]: 50 })
    await bob.join(v11)
    const more = { additional_creators: [c, b, c] }
    const v12 = await upgraded(bob, v11, '12', more)
    expect(await stateOf(bob, v12, 'm.room.create')).toMatchObject({ additional_creators: [c] })
    expect(await stateOf(bob, v12, 'm.room.power_levels')).toMatchObject({
      users: { [a]: 100 },
      events: { 'm.room.tombstone': 100 },
    })
    const again = await upgraded(bob, v12, '12')
    expect(at(await stateOf(bob, again, 'm.room.create'), 'additional_creators')).toBeUndefined()
    const back = await upgraded(bob, v12, '11', { additional_creators: ['ignored'] })
    expect(await stateOf(bob, back, 'm.room.power_levels')).toMatchObject({
      users: { [a]: 100, [b]: 100, [c]: 100 },
    })
  })

  it('make replacing the room dearer than other state from version 12', async () => {
    const oldId = await room('11', { [alice.userId]: 100 }, { events: {}, state_default: 60 })
    const newId = await upgraded(alice, oldId, '12')
    expect(await stateOf(alice, newId, 'm.room.power_levels')).toMatchObject({
      events: { 'm.room.tombstone': 150 },
    })
  })

  it('are those of before, although whoever upgrades needed more for the upgrade', async () => {
    const users = { [alice.userId]: 100, [bob.userId]: 50, [carol.userId]: 60 }
    const oldId = await room('10', users, { events: { 'm.room.tombstone': 50 }, ban: 70 })
    await bob.join(oldId)
    await alice.setState(oldId, 'm.room.name', '', { name: 'Name' })
    ok(await alice.call('POST', inRoom(oldId, 'ban'), { user_id: carol.userId }))
    const before = await stateOf(alice, oldId, 'm.room.power_levels')
    const newId = await upgraded(bob, oldId, '11')
    expect(await stateOf(bob, newId, 'm.room.power_levels')).toEqual(before)
    expect(await stateOf(bob, newId, 'm.room.member', carol.userId)).toMatchObject({
      membership: 'ban',
    })
    const { events } = await messages(bob, newId, { dir: 'f', limit: '50' })
    expect(at(events.at(-1), 'type')).toBe('m.room.power_levels')
    const rename = await bob.call('PUT', inRoom(newId, 'state', 'm.room.power_levels', ''), {})
    expectError(rename, 403, 'M_FORBIDDEN')
  })

  it('become integers where the old version allowed texts', async () => {
    const oldId = await room('9', { [alice.userId]: '100' }, { kick: '60', invite: ' 0 ' })
    const newId = await upgraded(alice, oldId, '12')
    expect(await stateOf(alice, newId, 'm.room.power_levels')).toMatchObject({
      kick: 60,
      invite: 0,
      users: {},
    })
  })
})

it.each([
  ['restricted', '7', { join_rule: 'invite' }],
  ['knock_restricted', '8', { join_rule: 'restricted' }],
  ['knock_restricted', '7', { join_rule: 'knock' }],
  ['knock', '6', { join_rule: 'invite' }],
])('a room with the rule %s is not opened by version %s', async (join_rule, version, expected) => {
  const content = { join_rule, allow: [] }
  const oldId = await alice.createRoom({
    room_version: '10',
    initial_state: [{ type: 'm.room.join_rules', content }],
  })
  const newId = await upgraded(alice, oldId, version)
  expect(await stateOf(alice, newId, 'm.room.join_rules')).toMatchObject(expected)
})

describe('upgrading', () => {
  it('is only for members with the power to replace the room', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    expectError(await upgrade(bob, roomId, '12'), 403, 'M_FORBIDDEN')
    await bob.join(roomId)
    expectError(await upgrade(bob, roomId, '12'), 403, 'M_FORBIDDEN')
    expectError(await upgrade(bob, '!none:test.example', '12'), 403, 'M_FORBIDDEN')
    expect(await stateIfAny(alice, roomId, 'm.room.tombstone')).toBeUndefined()
  })

  it.each([
    [{}, 'M_MISSING_PARAM'],
    [{ new_version: 12 }, 'M_BAD_JSON'],
    [{ new_version: '999' }, 'M_UNSUPPORTED_ROOM_VERSION'],
    [{ new_version: '__proto__' }, 'M_UNSUPPORTED_ROOM_VERSION'],
    [{ new_version: '12', additional_creators: 'x' }, 'M_BAD_JSON'],
    [{ new_version: '12', additional_creators: [5] }, 'M_BAD_JSON'],
    [{ new_version: '12', additional_creators: ['bob'] }, 'M_INVALID_PARAM'],
  ])('with %j is answered 400 %s', async (body, errcode) => {
    const roomId = await alice.createRoom()
    expectError(await alice.call('POST', inRoom(roomId, 'upgrade'), body), 400, errcode)
    expect(await stateIfAny(alice, roomId, 'm.room.tombstone')).toBeUndefined()
  })
})
