import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signJson } from '#matrix/events/signing.ts'
import { signingKeyFromSeed } from '#matrix/events/signing-key.ts'
import { parseServerName } from '#matrix/ids.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, messages, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const join = (user: TestUser, roomId: string, body?: unknown) =>
  user.call('POST', inRoom(roomId, 'join'), body)
const leave = (user: TestUser, roomId: string, body: unknown = {}) =>
  user.call('POST', inRoom(roomId, 'leave'), body)
const invite = (user: TestUser, roomId: string, body: unknown) =>
  user.call('POST', inRoom(roomId, 'invite'), body)
const memberOf = (roomId: string, user: TestUser) =>
  stateOf(alice, roomId, 'm.room.member', user.userId)
const joinedRooms = async (user: TestUser) =>
  list(ok(await user.call('GET', '/joined_rooms')), 'joined_rooms')
const displayName = (user: TestUser, displayname: string) =>
  user.call('PUT', `/profile/${encodeURIComponent(user.userId)}/displayname`, { displayname })

describe('joining', () => {
  it('shows profile and reason', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const carol = await server.user('carol')
    ok(await displayName(carol, 'Carol'))
    expect(ok(await join(carol, roomId, { reason: 'why not' }))).toEqual({ room_id: roomId })
    expect(await memberOf(roomId, carol)).toEqual({
      membership: 'join',
      displayname: 'Carol',
      reason: 'why not',
    })
    expect(await joinedRooms(carol)).toEqual([roomId])
  })

  it('keeps what else the body says in the membership, but not what the server decides', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const ivan = await server.user('ivan')
    ok(await displayName(ivan, 'Ivan'))
    const body = {
      'org.example.invited_through': { link: 'https://example.org' },
      reason: 'a link',
      membership: 'ban',
      displayname: 'Somebody else',
      avatar_url: 'mxc://example.org/else',
      join_authorised_via_users_server: alice.userId,
      third_party_invite: {},
    }
    ok(await join(ivan, roomId, body))
    expect(await memberOf(roomId, ivan)).toEqual({
      membership: 'join',
      displayname: 'Ivan',
      reason: 'a link',
      'org.example.invited_through': { link: 'https://example.org' },
    })
  })

  it('refuses numbers that no event can hold', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const judy = await server.user('judy')
    for (const path of [inRoom(roomId, 'join'), `/join/${encodeURIComponent(roomId)}`]) {
      expectError(await judy.call('POST', path, { 'org.example.x': 0.5 }), 400, 'M_BAD_JSON')
    }
  })

  it('works without a body, by id through both paths, and twice without a second event', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    ok(await join(bob, roomId))
    ok(await bob.call('POST', `/join/${encodeURIComponent(roomId)}?via=test.example`, {}))
    const parallel = await Promise.all(Array.from({ length: 4 }, () => join(bob, roomId, {})))
    parallel.forEach((answer) => ok(answer))
    const { events } = await messages(alice, roomId, { dir: 'b', limit: '50' })
    expect(events.filter((event) => at(event, 'state_key') === bob.userId)).toHaveLength(1)
  })

  it('needs an invitation where the room wants one', async () => {
    const roomId = await alice.createRoom()
    expectError(await join(bob, roomId, {}), 403, 'M_FORBIDDEN')
    await alice.invite(roomId, bob.userId)
    ok(await join(bob, roomId, {}))
  })

  it('is closed to the banned', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'ban' })
    expectError(await join(bob, roomId, {}), 403, 'M_FORBIDDEN')
    expectError(await invite(alice, roomId, { user_id: bob.userId }), 403, 'M_FORBIDDEN')
    expectError(await leave(bob, roomId), 403, 'M_FORBIDDEN')
  })

  it('is not found for unknown rooms and aliases', async () => {
    expectError(await join(bob, '!nowhere:test.example', {}), 404, 'M_NOT_FOUND')
    for (const alias of ['#nowhere:test.example', '#room:elsewhere.example']) {
      const answer = await bob.call('POST', `/join/${encodeURIComponent(alias)}`, {})
      expectError(answer, 404, 'M_NOT_FOUND')
    }
    expectError(await bob.call('POST', '/join/nothing', {}), 400, 'M_INVALID_PARAM')
    expectError(await join(bob, '!nowhere:test.example', { reason: 1 }), 400, 'M_BAD_JSON')
  })

  it.each(['8', '10', '12'])(
    'of a restricted room of version %s needs the other room',
    async (v) => {
      const space = await alice.createRoom({ preset: 'public_chat' })
      const rule = (room_id: string) => ({
        join_rule: 'restricted',
        allow: [{ type: 'm.room_membership', room_id }, { type: 'unknown' }, 5],
      })
      const roomId = await alice.createRoom({
        room_version: v,
        initial_state: [{ type: 'm.room.join_rules', content: rule(space) }],
      })
      const dave = await server.user(`dave${v}`)
      expectError(await join(dave, roomId, {}), 403, 'M_FORBIDDEN')
      await dave.join(space)
      ok(await join(dave, roomId, {}))
      expect(await memberOf(roomId, dave)).toMatchObject({
        membership: 'join',
        join_authorised_via_users_server: alice.userId,
      })
      ok(await displayName(dave, 'Dave'))
      expect(await memberOf(roomId, dave)).toEqual({ membership: 'join', displayname: 'Dave' })
    },
  )
})

describe('a restricted room', () => {
  it('is not open to who claims in the membership to be let in', async () => {
    const space = await alice.createRoom({ preset: 'public_chat' })
    const allow = [{ type: 'm.room_membership', room_id: space }]
    const roomId = await alice.createRoom({
      initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'restricted', allow } }],
    })
    const claim = { membership: 'join', join_authorised_via_users_server: alice.userId }
    const path = inRoom(roomId, 'state', 'm.room.member', bob.userId)
    expectError(await bob.call('PUT', path, claim), 403, 'M_FORBIDDEN')
    await bob.join(space)
    ok(await join(bob, roomId, {}))
    ok(await bob.call('PUT', path, { ...claim, displayname: 'Bob here' }))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'join', displayname: 'Bob here' })
  })
})

describe('joining by a third-party invite', () => {
  const identity = signingKeyFromSeed('ed25519:0', Buffer.alloc(32, 7))
  const prove = (mxid: string, token: string) =>
    signJson({ mxid, token }, parseServerName('identity.example'), identity)

  async function invitedRoom(): Promise<string> {
    const roomId = await alice.createRoom()
    await alice.setState(roomId, 'm.room.third_party_invite', 'the token', {
      display_name: 'b...@e...',
      key_validity_url: 'https://identity.example/valid',
      public_key: identity.publicKey,
    })
    return roomId
  }

  it('needs the proof that the identity server signed', async () => {
    const roomId = await invitedRoom()
    const signed = { ...prove(bob.userId, 'the token'), sender: alice.userId }
    ok(await join(bob, roomId, { third_party_signed: signed }))
    expect(await memberOf(roomId, bob)).toMatchObject({ membership: 'join' })
  })

  it('is refused with a proof for another user, room or key', async () => {
    const roomId = await invitedRoom()
    const other = signingKeyFromSeed('ed25519:0', Buffer.alloc(32, 8))
    const forged = signJson(
      { mxid: bob.userId, token: 'the token' },
      parseServerName('identity.example'),
      other,
    )
    for (const proof of [
      prove(alice.userId, 'the token'),
      prove(bob.userId, 'another token'),
      forged,
    ]) {
      const body = { third_party_signed: { ...proof, sender: alice.userId } }
      expectError(await join(bob, roomId, body), 403, 'M_FORBIDDEN')
    }
    expectError(await join(bob, roomId, { third_party_signed: {} }), 400, 'M_MISSING_PARAM')
  })
})

describe('leaving', () => {
  it('gives the reason, happens once, and rejects invitations', async () => {
    const roomId = await alice.createRoom({ invite: [bob.userId] })
    ok(await leave(bob, roomId, { reason: 'no' }))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave', reason: 'no' })
    ok(await leave(bob, roomId, { reason: 'no again' }))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave', reason: 'no' })
    expectError(await join(bob, roomId, {}), 403, 'M_FORBIDDEN')
    const both = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(both)
    const answers = await Promise.all([leave(bob, both), leave(bob, both)])
    answers.forEach((answer) => expect(ok(answer)).toEqual({}))
    expect(await joinedRooms(bob)).not.toContain(both)
  })

  it('is only for those who are in the room', async () => {
    const roomId = await alice.createRoom()
    expectError(await leave(bob, roomId), 403, 'M_FORBIDDEN')
    expectError(await leave(bob, '!nowhere:test.example'), 404, 'M_NOT_FOUND')
  })
})

describe('inviting', () => {
  it('shows the profile of the invited user and the reason, once', async () => {
    const erin = await server.user('erin')
    ok(await displayName(erin, 'Erin'))
    const roomId = await alice.createRoom()
    expect(ok(await invite(alice, roomId, { user_id: erin.userId, reason: 'do' }))).toEqual({})
    ok(await invite(alice, roomId, { user_id: erin.userId, reason: 'again' }))
    expect(await memberOf(roomId, erin)).toEqual({
      membership: 'invite',
      displayname: 'Erin',
      reason: 'do',
    })
  })

  it('is only for members with the power for it', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    expectError(await invite(bob, roomId, { user_id: '@x:test.example' }), 403, 'M_FORBIDDEN')
    await bob.join(roomId)
    expectError(await invite(bob, roomId, { user_id: '@x:test.example' }), 403, 'M_FORBIDDEN')
    expectError(await invite(alice, roomId, { user_id: bob.userId }), 403, 'M_FORBIDDEN')
    expectError(await invite(bob, '!no:test.example', { user_id: bob.userId }), 403, 'M_FORBIDDEN')
  })

  it.each([
    [{}, 400, 'M_MISSING_PARAM'],
    [{ user_id: 5 }, 400, 'M_BAD_JSON'],
    [{ user_id: 'bob' }, 400, 'M_INVALID_PARAM'],
    [{ user_id: '@bob:elsewhere.example' }, 403, 'M_FORBIDDEN'],
    [{ medium: 'email', address: 'a@b.c', id_server: 'x' }, 403, 'M_SERVER_NOT_TRUSTED'],
  ])('refuses %j with %i %s', async (body, status, errcode) => {
    const roomId = await alice.createRoom()
    expectError(await invite(alice, roomId, body), status, errcode)
  })

  it('respects users who accept no invitations', async () => {
    const frank = await server.user('frank')
    const type = 'm.invite_permission_config'
    const path = `/user/${encodeURIComponent(frank.userId)}/account_data/${type}`
    ok(await frank.call('PUT', path, { default_action: 'block' }))
    const roomId = await alice.createRoom()
    const body = { user_id: frank.userId }
    expectError(await invite(alice, roomId, body), 403, 'M_INVITE_BLOCKED')
    const state = inRoom(roomId, 'state', 'm.room.member', frank.userId)
    expectError(await alice.call('PUT', state, { membership: 'invite' }), 403, 'M_INVITE_BLOCKED')
    const create = await alice.call('POST', '/createRoom', { invite: [frank.userId] })
    expectError(create, 403, 'M_INVITE_BLOCKED')
    ok(await frank.call('PUT', path, {}))
    ok(await invite(alice, roomId, body))
  })
})

describe('a changed display name', () => {
  it('is shown in every joined room and brings nobody back', async () => {
    const grace = await server.user('grace')
    const [stays, left] = [
      await alice.createRoom({ preset: 'public_chat' }),
      await alice.createRoom({ preset: 'public_chat' }),
    ]
    await grace.join(stays)
    await grace.join(left)
    await grace.leave(left)
    ok(await displayName(grace, 'Grace'))
    expect(await memberOf(stays, grace)).toEqual({ membership: 'join', displayname: 'Grace' })
    expect(await memberOf(left, grace)).toEqual({ membership: 'leave' })
  })
})
