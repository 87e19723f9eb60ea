import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
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

type Verb = 'kick' | 'ban' | 'unban'
const act = (verb: Verb, user: TestUser, roomId: string, target: TestUser, reason?: string) =>
  user.call('POST', inRoom(roomId, verb), {
    user_id: target.userId,
    ...(reason !== undefined && { reason }),
  })
const memberOf = (roomId: string, user: TestUser) =>
  stateOf(alice, roomId, 'm.room.member', user.userId)

async function roomWithBob(): Promise<string> {
  const roomId = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(roomId)
  return roomId
}

describe('kicking', () => {
  it('removes a member with a reason, who may come back', async () => {
    const roomId = await roomWithBob()
    expect(ok(await act('kick', alice, roomId, bob, 'too loud'))).toEqual({})
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave', reason: 'too loud' })
    await bob.join(roomId)
  })

  it('withdraws an invitation', async () => {
    const roomId = await alice.createRoom({ invite: [bob.userId] })
    ok(await act('kick', alice, roomId, bob))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave' })
    expectError(await bob.call('POST', inRoom(roomId, 'join'), {}), 403, 'M_FORBIDDEN')
  })

  it('is refused for who is not in the room, has left or is banned', async () => {
    const roomId = await roomWithBob()
    expectError(await act('kick', alice, roomId, carol), 403, 'M_FORBIDDEN')
    await bob.leave(roomId)
    expectError(await act('kick', alice, roomId, bob), 403, 'M_FORBIDDEN')
    ok(await act('ban', alice, roomId, bob))
    expectError(await act('kick', alice, roomId, bob), 403, 'M_FORBIDDEN')
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'ban' })
  })
})

describe('banning', () => {
  it('removes a member for good, and tells them in /sync', async () => {
    const roomId = await roomWithBob()
    const since = String(at(await bob.sync(), 'next_batch'))
    expect(ok(await act('ban', alice, roomId, bob, 'spam'))).toEqual({})
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'ban', reason: 'spam' })
    expectError(await bob.call('POST', inRoom(roomId, 'join'), {}), 403, 'M_FORBIDDEN')
    const timeline = list(await bob.sync({ since }), 'rooms', 'leave', roomId, 'timeline', 'events')
    expect(at(timeline.at(-1), 'content', 'membership')).toBe('ban')
  })

  it('works before somebody has ever come, and again only to change the reason', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    ok(await act('ban', alice, roomId, bob, 'known'))
    ok(await act('ban', alice, roomId, bob))
    ok(await act('ban', alice, roomId, bob, 'known'))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'ban', reason: 'known' })
    ok(await act('ban', alice, roomId, bob, 'still known'))
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'ban', reason: 'still known' })
    const { events } = await messages(alice, roomId, { dir: 'b', limit: '50' })
    expect(events.filter((event) => at(event, 'state_key') === bob.userId)).toHaveLength(2)
  })

  it('after a leave can be read by who is banned, as an event of their own', async () => {
    const roomId = await roomWithBob()
    await bob.leave(roomId)
    const eventId = await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'ban' })
    const event = ok(await bob.call('GET', inRoom(roomId, 'event', eventId)))
    expect(at(event, 'content')).toEqual({ membership: 'ban' })
    const said = await alice.say(roomId, 'behind his back')
    expectError(await bob.call('GET', inRoom(roomId, 'event', said)), 404, 'M_NOT_FOUND')
  })
})

describe('unbanning', () => {
  it('lets somebody come back, with a reason', async () => {
    const roomId = await roomWithBob()
    ok(await act('ban', alice, roomId, bob))
    expect(ok(await act('unban', alice, roomId, bob, 'served'))).toEqual({})
    expect(await memberOf(roomId, bob)).toEqual({ membership: 'leave', reason: 'served' })
    await bob.join(roomId)
  })

  it('is no kick: who is not banned stays', async () => {
    const roomId = await roomWithBob()
    expectError(await act('unban', alice, roomId, bob), 403, 'M_BAD_STATE')
    expectError(await act('unban', alice, roomId, carol), 403, 'M_BAD_STATE')
    expect(await memberOf(roomId, bob)).toMatchObject({ membership: 'join' })
  })

  it('happens once of several at the same time', async () => {
    const roomId = await roomWithBob()
    ok(await act('ban', alice, roomId, bob))
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => act('unban', alice, roomId, bob)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(3)
  })
})

describe.each(['kick', 'ban', 'unban'] as const)('%s', (verb) => {
  it('needs power, and being in the room', async () => {
    const roomId = await roomWithBob()
    await carol.join(roomId)
    if (verb === 'unban') ok(await act('ban', alice, roomId, carol))
    expectError(await act(verb, bob, roomId, carol), 403, 'M_FORBIDDEN')
    expectError(await act(verb, bob, roomId, alice), 403, 'M_FORBIDDEN')
    const dave = await server.user(`outside-${verb}`)
    expectError(await act(verb, dave, roomId, carol), 403, 'M_FORBIDDEN')
    expectError(await act(verb, alice, '!none:test.example', carol), 403, 'M_FORBIDDEN')
  })

  it.each([
    [{}, 'M_MISSING_PARAM'],
    [{ user_id: 5 }, 'M_BAD_JSON'],
    [{ user_id: 'bob' }, 'M_INVALID_PARAM'],
    [{ user_id: '@bob:test.example', reason: {} }, 'M_BAD_JSON'],
    [{ user_id: `@${'x'.repeat(300)}:test.example` }, 'M_INVALID_PARAM'],
  ])('refuses %j with %s', async (body, errcode) => {
    const roomId = await alice.createRoom()
    expectError(await alice.call('POST', inRoom(roomId, verb), body), 400, errcode)
  })
})
