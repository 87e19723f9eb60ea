import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let carol: TestUser
let roomId: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
  carol = await server.user('carol')
})
beforeEach(async () => {
  roomId = await alice.createRoom({ preset: 'public_chat' })
})
afterAll(() => server[Symbol.asyncDispose]())

/** Membership by user, sorted by user. */
async function members(user: TestUser, query = ''): Promise<[unknown, unknown][]> {
  const body = ok(await user.call('GET', `${inRoom(roomId, 'members')}${query}`))
  return list(body, 'chunk')
    .map((event): [unknown, unknown] => [
      at(event, 'state_key'),
      at(event, 'content', 'membership'),
    ])
    .sort(([a], [b]) => String(a).localeCompare(String(b)))
}

describe('members', () => {
  it('are listed with what they are, or picked by it', async () => {
    await bob.join(roomId)
    await bob.leave(roomId)
    await alice.invite(roomId, carol.userId)
    const [a, b, c] = [
      [alice.userId, 'join'],
      [bob.userId, 'leave'],
      [carol.userId, 'invite'],
    ]
    expect(await members(alice)).toEqual([a, b, c])
    expect(await members(alice, '?membership=join')).toEqual([a])
    expect(await members(alice, '?membership=ban')).toEqual([])
    expect(await members(alice, '?not_membership=leave')).toEqual([a, c])
    expect(await members(alice, '?membership=join&not_membership=invite')).toEqual([a, b])
    expect(await members(alice, '?membership=leave&not_membership=leave')).toEqual([a, b, c])
  })

  it('are those of an earlier moment when asked for it', async () => {
    const before = text(await alice.sync({ timeout: '0' }), 'next_batch')
    await bob.join(roomId)
    await alice.say(roomId, 'x')
    await carol.join(roomId)
    expect(await members(alice, `?at=${before}`)).toEqual([[alice.userId, 'join']])
    const filter = JSON.stringify({ room: { rooms: [roomId], timeline: { limit: 1 } } })
    const body = await alice.sync({ timeout: '0', filter })
    const prev = text(body, 'rooms', 'join', roomId, 'timeline', 'prev_batch')
    expect(await members(alice, `?at=${prev}`)).toEqual([
      [alice.userId, 'join'],
      [bob.userId, 'join'],
    ])
    expect(await members(alice, `?at=${text(body, 'next_batch')}`)).toHaveLength(3)
  })

  it('of a moment before the room are those of its first', async () => {
    const body = await alice.sync({ timeout: '0' })
    await bob.join(roomId)
    const prev = text(body, 'rooms', 'join', roomId, 'timeline', 'prev_batch')
    expect(await members(alice, `?at=${prev}`)).toEqual([[alice.userId, 'join']])
    const since = text(body, 'next_batch')
    roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    expect(await members(alice, `?at=${since}`)).toEqual([[alice.userId, 'join']])
  })

  it('of a moment that the viewer may not see stay hidden', async () => {
    const visibility = { history_visibility: 'joined' }
    await alice.setState(roomId, 'm.room.history_visibility', '', visibility)
    await carol.join(roomId)
    const before = text(await alice.sync({ timeout: '0' }), 'next_batch')
    await bob.join(roomId)
    const path = `${inRoom(roomId, 'members')}?at=${before}`
    expectError(await bob.call('GET', path), 403, 'M_FORBIDDEN')
    expect(await members(alice, `?at=${before}`)).toHaveLength(2)
  })

  it('are for those who left the members at their leave', async () => {
    await bob.join(roomId)
    await bob.leave(roomId)
    await carol.join(roomId)
    const now = text(await alice.sync({ timeout: '0' }), 'next_batch')
    const atLeave = [
      [alice.userId, 'join'],
      [bob.userId, 'leave'],
    ]
    expect(await members(bob)).toEqual(atLeave)
    expect(await members(bob, `?at=${now}`)).toEqual(atLeave)
  })

  it('are hidden from those who have never been in the room', async () => {
    expectError(await bob.call('GET', inRoom(roomId, 'members')), 403, 'M_FORBIDDEN')
    const unknown = inRoom('!nowhere:test.example', 'members')
    expectError(await bob.call('GET', unknown), 403, 'M_FORBIDDEN')
  })

  it.each(['?membership=friend', '?at=nonsense', '?not_membership='])(
    'refuse %s',
    async (query) => {
      const answer = await alice.call('GET', `${inRoom(roomId, 'members')}${query}`)
      expectError(answer, 400, 'M_INVALID_PARAM')
    },
  )
})

describe('joined members', () => {
  it('come with name and picture', async () => {
    const content = { membership: 'join', displayname: 'Bob', avatar_url: 'mxc://a/b', x: 1 }
    await bob.setState(roomId, 'm.room.member', bob.userId, content)
    await alice.invite(roomId, carol.userId)
    expect(ok(await alice.call('GET', inRoom(roomId, 'joined_members')))).toEqual({
      joined: {
        [alice.userId]: {},
        [bob.userId]: { display_name: 'Bob', avatar_url: 'mxc://a/b' },
      },
    })
  })

  it('are shown to members only', async () => {
    const path = inRoom(roomId, 'joined_members')
    expectError(await bob.call('GET', path), 403, 'M_FORBIDDEN')
    await bob.join(roomId)
    await bob.leave(roomId)
    expectError(await bob.call('GET', path), 403, 'M_FORBIDDEN')
  })
})
