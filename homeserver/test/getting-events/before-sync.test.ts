import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ids } from '../event-relationships/relate.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, messages } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
beforeEach(async () => {
  bob = await server.user(`bob${(people += 1)}`)
  roomId = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(roomId)
})
afterAll(() => server[Symbol.asyncDispose]())

let people = 0

const events = async (user: TestUser, query: Readonly<Record<string, string>>) =>
  await user.call('GET', `/events?${new URLSearchParams(query).toString()}`)

const snapshot = async (user: TestUser, query = '') =>
  ok(await user.call('GET', `/initialSync?${query}`))

const roomOf = (answer: unknown, id: string) =>
  list(answer, 'rooms').find((room) => at(room, 'room_id') === id)

describe('GET /events', () => {
  it('waits for an event, and goes on where it ended', async () => {
    const from = text(await snapshot(bob), 'end')
    const waiting = events(bob, { from, timeout: '20000' })
    const said = await alice.say(roomId, 'hello')
    const first = ok(await waiting)
    expect(ids(first)).toEqual([said])
    expect(at(first, 'chunk', 0, 'room_id')).toBe(roomId)
    expect(at(first, 'start')).toBe(from)
    const nothing = ok(await events(bob, { from: text(first, 'end'), timeout: '0' }))
    expect(list(nothing, 'chunk')).toEqual([])
    const more = [await alice.say(roomId, 'a'), await alice.say(roomId, 'b')]
    expect(ids(ok(await events(bob, { from: text(nothing, 'end'), timeout: '0' })))).toEqual(more)
  })

  it('gives many events in pieces, each once', async () => {
    let from = text(await snapshot(bob), 'end')
    const sent: string[] = []
    for (let n = 0; n < 130; n++) sent.push(await alice.say(roomId, String(n)))
    const seen: string[] = []
    while (seen.length < sent.length) {
      const page = ok(await events(bob, { from, timeout: '0' }))
      expect(list(page, 'chunk').length).toBeGreaterThan(0)
      seen.push(...ids(page))
      from = text(page, 'end')
    }
    expect(seen).toEqual(sent)
  })

  it('tells nothing of other rooms, nor of what came after leaving', async () => {
    const from = text(await snapshot(bob), 'end')
    const other = await alice.createRoom()
    await alice.say(other, 'secret')
    await bob.leave(roomId)
    await alice.say(roomId, 'after')
    const page = ok(await events(bob, { from, timeout: '0' }))
    expect(list(page, 'chunk').map((event) => at(event, 'content', 'membership'))).toEqual([
      'leave',
    ])
  })

  it('shows a world-readable room to anybody, any other to nobody', async () => {
    const open = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        {
          type: 'm.room.history_visibility',
          state_key: '',
          content: { history_visibility: 'world_readable' },
        },
      ],
    })
    const stranger = await server.user(`stranger${people}`)
    const waiting = events(stranger, { room_id: open, timeout: '20000' })
    const early = ok(await events(stranger, { room_id: open, timeout: '0' }))
    const said = await alice.say(open, 'hello')
    const from = text(early, 'end')
    expect(ids(ok(await events(stranger, { room_id: open, from, timeout: '0' })))).toEqual([said])
    // it may have begun after the message, which then woke nobody
    await alice.say(open, 'again')
    expect(list(ok(await waiting), 'chunk').length).toBeGreaterThan(0)
    expectError(await events(stranger, { room_id: roomId, timeout: '0' }), 403, 'M_FORBIDDEN')
    const denied = await events(stranger, { room_id: '!none:example.org', timeout: '0' })
    expectError(denied, 403, 'M_FORBIDDEN')
  })

  it.each([{ from: 'x' }, { from: 's1_99999999999' }, { timeout: '-1' }, { room_id: 'x' }])(
    'refuses %o',
    async (query) => {
      expectError(await events(bob, { timeout: '0', ...query }), 400, 'M_INVALID_PARAM')
    },
  )
})

describe('GET /events/{eventId}', () => {
  it('finds an event whatever its room, if one may see it', async () => {
    const said = await alice.say(roomId, 'hello')
    const path = `/events/${encodeURIComponent(said)}`
    const event = ok(await bob.call('GET', path))
    expect(event).toMatchObject({ event_id: said, room_id: roomId, content: { body: 'hello' } })
    const outside = await server.user(`mallory${people}`)
    expectError(await outside.call('GET', path), 404, 'M_NOT_FOUND')
    expectError(await bob.call('GET', `/events/%24${'A'.repeat(43)}`), 404, 'M_NOT_FOUND')
  })
})

describe('GET /initialSync', () => {
  it('has joined rooms with messages and state, and invitations with their event', async () => {
    const [one, two] = [await alice.say(roomId, 'one'), await alice.say(roomId, 'two')]
    const invited = await alice.createRoom({ invite: [bob.userId], visibility: 'public' })
    const answer = await snapshot(bob, 'limit=2')
    const room = roomOf(answer, roomId)
    expect(room).toMatchObject({ membership: 'join', visibility: 'private' })
    expect(ids(at(room, 'messages'))).toEqual([one, two])
    expect(at(room, 'messages', 'chunk', 0, 'room_id')).toBe(roomId)
    const types = list(room, 'state').map((event) => at(event, 'type'))
    expect(types).toContain('m.room.create')
    const from = text(room, 'messages', 'start')
    const older = await messages(bob, roomId, { dir: 'b', from, limit: '1' })
    expect(at(older.events[0], 'state_key')).toBe(bob.userId)
    expect(roomOf(answer, invited)).toMatchObject({
      membership: 'invite',
      visibility: 'public',
      invite: { type: 'm.room.member', sender: alice.userId, state_key: bob.userId },
    })
    expect(at(answer, 'presence')).toEqual([])
  })

  it('has left rooms only when asked', async () => {
    await bob.leave(roomId)
    await alice.say(roomId, 'after')
    expect(roomOf(await snapshot(bob), roomId)).toBeUndefined()
    const room = roomOf(await snapshot(bob, 'archived=true'), roomId)
    expect(at(room, 'membership')).toBe('leave')
    const bodies = list(room, 'messages', 'chunk').map((event) => at(event, 'content', 'body'))
    expect(bodies).not.toContain('after')
  })

  it.each(['limit=-1', 'limit=x', 'archived=perhaps'])('refuses %s', async (query) => {
    expectError(await bob.call('GET', `/initialSync?${query}`), 400, 'M_INVALID_PARAM')
  })
})

describe('GET /rooms/{roomId}/initialSync', () => {
  const one = async (user: TestUser) => ok(await user.call('GET', inRoom(roomId, 'initialSync')))

  it('has the newest messages, oldest first, the state and the account data', async () => {
    const path = `/user/${encodeURIComponent(bob.userId)}${inRoom(roomId, 'account_data', 'x.y')}`
    ok(await bob.call('PUT', path, { a: 1 }))
    const said = [await alice.say(roomId, 'one'), await alice.say(roomId, 'two')]
    const room = await one(bob)
    expect(room).toMatchObject({
      room_id: roomId,
      membership: 'join',
      visibility: 'private',
      account_data: [{ type: 'x.y', content: { a: 1 } }],
    })
    expect(ids(at(room, 'messages')).slice(-2)).toEqual(said)
    expect(list(room, 'state').map((event) => at(event, 'type'))).toContain('m.room.create')
    const next = await alice.say(roomId, 'three')
    const from = text(room, 'messages', 'end')
    const newer = await messages(bob, roomId, { dir: 'f', from })
    expect(newer.ids).toEqual([next])
  })

  it('ends with the leave, and is closed to who was never there', async () => {
    await bob.leave(roomId)
    const after = await alice.say(roomId, 'after')
    const room = await one(bob)
    expect(at(room, 'membership')).toBe('leave')
    expect(ids(at(room, 'messages'))).not.toContain(after)
    const outside = await server.user(`mallory${people}`)
    const denied = await outside.call('GET', inRoom(roomId, 'initialSync'))
    expectError(denied, 403, 'M_FORBIDDEN')
  })
})
