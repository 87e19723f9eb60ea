import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
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

const knock = (user: TestUser, room: string, body: unknown = {}) =>
  user.call('POST', `/knock/${encodeURIComponent(room)}`, body)
const memberOf = (roomId: string, user: TestUser) =>
  stateOf(alice, roomId, 'm.room.member', user.userId)
const nextBatch = async (user: TestUser) => text(await user.sync(), 'next_batch')

function knockable(joinRule = 'knock', options: object = {}): Promise<string> {
  const content = { join_rule: joinRule, allow: [] }
  return alice.createRoom({
    name: 'Club',
    initial_state: [{ type: 'm.room.join_rules', content }],
    ...options,
  })
}

describe('knocking', () => {
  it('tells the room who knocks and why, and the user of what room it is', async () => {
    const roomId = await knockable()
    const since = await nextBatch(bob)
    ok(await bob.call('PUT', `/profile/${bob.userId}/displayname`, { displayname: 'Bob' }))
    expect(ok(await knock(bob, roomId, { reason: 'please' }))).toEqual({ room_id: roomId })
    expect(await memberOf(roomId, bob)).toEqual({
      membership: 'knock',
      displayname: 'Bob',
      reason: 'please',
    })
    const events = list(
      await bob.sync({ since }),
      'rooms',
      'knock',
      roomId,
      'knock_state',
      'events',
    )
    const byType = new Map(events.map((event) => [at(event, 'type'), event]))
    expect(at(byType.get('m.room.name'), 'content')).toEqual({ name: 'Club' })
    expect(byType.has('m.room.create')).toBe(true)
    expect(at(byType.get('m.room.member'), 'state_key')).toBe(bob.userId)
    expect(events.map((event) => at(event, 'event_id'))).toEqual(events.map(() => undefined))
  })

  it('works by alias, through servers that are named, and without a second event', async () => {
    const roomId = await knockable('knock', { room_alias_name: 'club' })
    const alias = encodeURIComponent('#club:test.example')
    const path = `/knock/${alias}?via=test.example&via=other.example&server_name=test.example`
    expect(ok(await bob.call('POST', path, {}))).toEqual({ room_id: roomId })
    ok(await knock(bob, roomId, { reason: 'again' }))
    const { events } = await messages(alice, roomId, { dir: 'b', limit: '50' })
    expect(events.filter((event) => at(event, 'state_key') === bob.userId)).toHaveLength(1)
  })

  it('is answered by an invitation, or by a kick or ban', async () => {
    const roomId = await knockable()
    ok(await knock(bob, roomId))
    await alice.invite(roomId, bob.userId)
    await bob.join(roomId)
    const carol = await server.user('carol')
    ok(await knock(carol, roomId))
    const since = await nextBatch(carol)
    ok(await alice.call('POST', inRoom(roomId, 'kick'), { user_id: carol.userId, reason: 'no' }))
    expect(await memberOf(roomId, carol)).toEqual({ membership: 'leave', reason: 'no' })
    expect(at(await carol.sync({ since }), 'rooms', 'leave', roomId)).toBeDefined()
    ok(await knock(carol, roomId))
    ok(await alice.call('POST', inRoom(roomId, 'ban'), { user_id: carol.userId }))
    expectError(await knock(carol, roomId), 403, 'M_FORBIDDEN')
  })

  it('can be taken back', async () => {
    const roomId = await knockable()
    ok(await knock(bob, roomId))
    await bob.leave(roomId)
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave' })
    ok(await knock(bob, roomId))
  })

  it('is open where the rule is knock_restricted, and does not let in by itself', async () => {
    const roomId = await knockable('knock_restricted')
    ok(await knock(bob, roomId))
    expectError(await bob.call('POST', inRoom(roomId, 'join'), {}), 403, 'M_FORBIDDEN')
  })

  it.each([
    ['invite', '12'],
    ['public', '12'],
    ['restricted', '12'],
    ['knock', '6'],
    ['knock_restricted', '9'],
  ])('is refused by the rule %s in version %s', async (rule, room_version) => {
    const roomId = await knockable(rule, { room_version })
    expectError(await knock(bob, roomId), 403, 'M_FORBIDDEN')
  })

  it('is refused to who is invited or in the room', async () => {
    const roomId = await knockable('knock', { invite: [bob.userId] })
    expectError(await knock(bob, roomId), 403, 'M_FORBIDDEN')
    await bob.join(roomId)
    expectError(await knock(bob, roomId), 403, 'M_FORBIDDEN')
  })

  it.each([
    ['!none:test.example', {}, 404, 'M_NOT_FOUND'],
    ['#none:test.example', {}, 404, 'M_NOT_FOUND'],
    ['#none:elsewhere.example', {}, 404, 'M_NOT_FOUND'],
    ['room', {}, 400, 'M_INVALID_PARAM'],
    ['!none:test.example', { reason: 1 }, 400, 'M_BAD_JSON'],
  ])('of %s with %j is answered %i %s', async (room, body, status, errcode) => {
    expectError(await knock(bob, room, body), status, errcode)
  })
})
