import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { allMessages, expectError, inRoom, messages } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string
let said: string[]

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
beforeEach(async () => {
  roomId = await alice.createRoom({ preset: 'public_chat' })
  said = []
  for (let n = 0; n < 7; n++) said.push(await alice.say(roomId, `message ${n}`))
})
afterAll(() => server[Symbol.asyncDispose]())

const get = (user: TestUser, query: string) =>
  user.call('GET', `${inRoom(roomId, 'messages')}?${query}`)
const filter = (value: unknown) => ({ filter: JSON.stringify(value) })

describe('paging', () => {
  it('goes back to the create event, every event once, and ends there', async () => {
    const whole = await messages(alice, roomId, { dir: 'b', limit: '1000' })
    expect(whole.end).toBeUndefined()
    expect(whole.ids.slice(0, 7)).toEqual(said.toReversed())
    expect(at(whole.events.at(-1), 'type')).toBe('m.room.create')
    for (const limit of ['1', '2', '3', '5', '13']) {
      expect(await allMessages(alice, roomId, { dir: 'b', limit })).toEqual(whole.ids)
    }
  })

  it('goes forward from the beginning and ends at the newest event', async () => {
    const whole = await messages(alice, roomId, { dir: 'b', limit: '1000' })
    for (const limit of ['1', '4', '13', '100']) {
      const ids = await allMessages(alice, roomId, { dir: 'f', limit })
      expect(ids).toEqual(whole.ids.toReversed())
    }
  })

  it('has ten events a page unless told otherwise', async () => {
    expect((await messages(alice, roomId, { dir: 'b' })).ids).toHaveLength(10)
    expect((await messages(alice, roomId, { dir: 'b', ...filter({ limit: 3 }) })).ids).toHaveLength(
      3,
    )
  })

  it('turns around at any token without losing or repeating an event', async () => {
    const back = await messages(alice, roomId, { dir: 'b', limit: '4' })
    const forward = await messages(alice, roomId, { dir: 'f', from: back.end ?? '', limit: '4' })
    expect(forward.ids).toEqual(back.ids.toReversed())
    const again = await messages(alice, roomId, { dir: 'b', from: back.start, limit: '4' })
    expect(again.ids).toEqual(back.ids)
    expect(again.start).toBe(back.start)
    const start = await messages(alice, roomId, { dir: 'f', limit: '3' })
    const before = await messages(alice, roomId, { dir: 'b', from: start.end ?? '', limit: '9' })
    expect(before.ids).toEqual(start.ids.toReversed())
    expect(before.end).toBeUndefined()
  })

  it('stops at `to`, in both directions', async () => {
    const first = await messages(alice, roomId, { dir: 'b', limit: '2' })
    const second = await messages(alice, roomId, { dir: 'b', limit: '3', from: first.end ?? '' })
    const upTo = { dir: 'b', limit: '100', to: second.end ?? '' }
    const stopped = await messages(alice, roomId, upTo)
    expect(stopped.ids).toEqual([...first.ids, ...second.ids])
    expect(stopped.end).toBeUndefined()
    const forward = { dir: 'f', limit: '100', from: second.end ?? '', to: first.end ?? '' }
    expect((await messages(alice, roomId, forward)).ids).toEqual(second.ids.toReversed())
  })

  it('takes tokens of /sync from both ends', async () => {
    const since = text(await alice.sync({ timeout: '0' }), 'next_batch')
    const later = [await alice.say(roomId, 'a'), await alice.say(roomId, 'b')]
    const now = text(await alice.sync({ timeout: '0', since }), 'next_batch')
    const back = await messages(alice, roomId, { dir: 'b', from: since, limit: '3' })
    expect(back.ids).toEqual(said.slice(-3).reverse())
    expect(back.start).toBe(since)
    const forward = await messages(alice, roomId, { dir: 'f', from: since, limit: '9' })
    expect(forward.ids).toEqual(later)
    const between = { dir: 'b', from: now, to: since, limit: '9' }
    expect((await messages(alice, roomId, between)).ids).toEqual(later.toReversed())
    const beyond = { dir: 'f', from: since, to: now, limit: '9' }
    await alice.say(roomId, 'c')
    expect((await messages(alice, roomId, beyond)).ids).toEqual(later)
  })

  it('goes on to the end past a `to` of another history, but begins nowhere there', async () => {
    const whole = await messages(alice, roomId, { dir: 'b', limit: '1000' })
    const beyond = { dir: 'b', limit: '1000', to: 's99999_1' }
    expect((await messages(alice, roomId, beyond)).ids).toEqual(whole.ids)
    const answer = await alice.call('GET', `${inRoom(roomId, 'messages')}?dir=b&from=s99999_1`)
    expect(answer).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } })
  })

  it('continues where the timeline of a sync begins', async () => {
    const body = await alice.sync({
      timeout: '0',
      filter: JSON.stringify({ room: { rooms: [roomId], timeline: { limit: 3 } } }),
    })
    const timeline = at(body, 'rooms', 'join', roomId, 'timeline')
    const shown = list(timeline, 'events').map((event) => text(event, 'event_id'))
    const from = text(timeline, 'prev_batch')
    const older = await allMessages(alice, roomId, { dir: 'b', from, limit: '4' })
    const whole = await messages(alice, roomId, { dir: 'b', limit: '1000' })
    expect([...shown.toReversed(), ...older]).toEqual(whole.ids)
  })

  it.each([
    ['limit=10', 'M_MISSING_PARAM'],
    ['dir=x', 'M_INVALID_PARAM'],
    ['dir=b&limit=0', 'M_INVALID_PARAM'],
    ['dir=b&limit=-1', 'M_INVALID_PARAM'],
    ['dir=b&limit=ten', 'M_INVALID_PARAM'],
    ['dir=b&from=nonsense', 'M_INVALID_PARAM'],
    ['dir=b&from=t1', 'M_INVALID_PARAM'],
    ['dir=b&from=s1_99999999', 'M_INVALID_PARAM'],
    ['dir=b&from=s7_1', 'M_INVALID_PARAM'],
    ['dir=b&to=%00', 'M_INVALID_PARAM'],
    ['dir=b&filter=%7B', 'M_INVALID_PARAM'],
    ['dir=b&filter=%7B%22types%22%3A5%7D', 'M_INVALID_PARAM'],
  ])('refuses %s with %s', async (query, errcode) => {
    expectError(await get(alice, query), 400, errcode)
  })
})

describe('a filter', () => {
  it('picks events and still pages through the whole history', async () => {
    const ids: string[] = []
    const bodies = ['x', 'y']
    for (const body of bodies) {
      ids.push(await alice.setState(roomId, 'x.state', '', { body }))
      for (let n = 0; n < 3; n++) await alice.say(roomId, 'between')
    }
    const types = filter({ types: ['x.*'] })
    for (const limit of ['1', '2', '50']) {
      const found = await allMessages(alice, roomId, { dir: 'b', limit, ...types })
      expect(found).toEqual(ids.toReversed())
    }
    const no = await messages(alice, roomId, { dir: 'b', ...filter({ types: ['never'] }) })
    expect(no.ids).toEqual([])
    expect(no.end).toBeUndefined()
  })

  it('with a url picks files', async () => {
    const path = inRoom(roomId, 'send', 'm.room.message', 'file')
    const file = text(ok(await alice.call('PUT', path, { url: 'mxc://a/b' })), 'event_id')
    const found = await messages(alice, roomId, { dir: 'b', ...filter({ contains_url: true }) })
    expect(found.ids).toEqual([file])
  })

  it('empty page ends pagination: never, however many events are passed over', async () => {
    const old = await alice.setState(roomId, 'x.old', '', {})
    // not all at once: more connections than a listener keeps waiting would time out
    for (let sent = 0; sent < 1200; sent += 60) {
      const some = Array.from({ length: 60 }, (_, n) => alice.say(roomId, `filler ${sent + n}`))
      await Promise.all(some)
    }
    const query = { dir: 'b', limit: '1', ...filter({ types: ['x.old'] }) }
    expect(await allMessages(alice, roomId, query)).toEqual([old])
    const first = await messages(alice, roomId, query)
    expect(first.ids).toEqual([])
    expect(first.end).toBeDefined()
  })

  it('that loads members lazily adds those of the senders', async () => {
    await bob.join(roomId)
    await bob.say(roomId, 'hello')
    const carol = await server.user('carol')
    await carol.join(roomId)
    const query = {
      dir: 'b',
      limit: '2',
      ...filter({ lazy_load_members: true, types: ['m.room.message'] }),
    }
    const { state } = await messages(alice, roomId, query)
    const members = state.map((event) => text(event, 'state_key'))
    expect(new Set(members)).toEqual(new Set([alice.userId, bob.userId]))
    const page = await messages(alice, roomId, { dir: 'b' })
    expect(page.state).toEqual([])
  })
})

describe('history', () => {
  it('is hidden from those who have never been in the room', async () => {
    const dave = await server.user('dave')
    expectError(await get(dave, 'dir=b'), 403, 'M_FORBIDDEN')
    roomId = '!nowhere:test.example'
    expectError(await get(dave, 'dir=b'), 403, 'M_FORBIDDEN')
  })

  it('before the join is shown where it is shared', async () => {
    await bob.join(roomId)
    const ids = await allMessages(bob, roomId, { dir: 'b', limit: '3' })
    expect(said.every((id) => ids.includes(id))).toBe(true)
  })

  it('before the join is hidden where only members at the time may see it', async () => {
    const visibility = { history_visibility: 'joined' }
    await alice.setState(roomId, 'm.room.history_visibility', '', visibility)
    const hidden = await alice.say(roomId, 'secret')
    await bob.join(roomId)
    const shown = await alice.say(roomId, 'open')
    const ids = await allMessages(bob, roomId, { dir: 'b', limit: '2' })
    expect(ids).toContain(shown)
    expect(ids).not.toContain(hidden)
    expect(said.every((id) => ids.includes(id))).toBe(true)
    expectError(await bob.call('GET', inRoom(roomId, 'event', hidden)), 404, 'M_NOT_FOUND')
  })

  it('after the leave is hidden from those who left, whatever token they have', async () => {
    await bob.join(roomId)
    const token = text(await alice.sync({ timeout: '0' }), 'next_batch')
    const seen = await alice.say(roomId, 'seen')
    await bob.leave(roomId)
    const hidden = await alice.say(roomId, 'hidden')
    const after = text(await alice.sync({ timeout: '0' }), 'next_batch')
    const left = await messages(bob, roomId, { dir: 'b', limit: '2' })
    expect(left.ids[1]).toBe(seen)
    expect(at(left.events[0], 'content', 'membership')).toBe('leave')
    for (const query of [
      { dir: 'b', from: after },
      { dir: 'f', from: token },
      { dir: 'f', from: after },
      { dir: 'f' },
    ]) {
      const ids = await allMessages(bob, roomId, { ...query, limit: '3' })
      expect(ids).not.toContain(hidden)
    }
    expect(await allMessages(bob, roomId, { dir: 'f', from: token, limit: '3' })).toContain(seen)
  })

  it('that is world-readable is shown to everybody', async () => {
    const visibility = { history_visibility: 'world_readable' }
    await alice.setState(roomId, 'm.room.history_visibility', '', visibility)
    const open = await alice.say(roomId, 'open')
    const erin = await server.user('erin')
    const ids = await allMessages(erin, roomId, { dir: 'b', limit: '4' })
    expect(ids[0]).toBe(open)
    expect(ids).not.toContain(said[0])
    const event = ok(await erin.call('GET', inRoom(roomId, 'event', open)))
    expect(at(event, 'unsigned', 'membership')).toBe('leave')
  })

  it('tells the viewer what they were at each event', async () => {
    await bob.join(roomId)
    const { events } = await messages(bob, roomId, { dir: 'b', limit: '3' })
    expect(events.map((event) => at(event, 'unsigned', 'membership'))).toEqual([
      'join',
      'leave',
      'leave',
    ])
    expect(events.map((event) => at(event, 'unsigned', 'io.element.msc4115.membership'))).toEqual([
      'join',
      'leave',
      'leave',
    ])
  })
})
