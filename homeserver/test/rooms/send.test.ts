import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { parseEventId } from '#matrix/ids.ts'
import type { TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { allMessages, expectError, inRoom, messages } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))

let txns = 0
const send = (user: TestUser, content: unknown, txn = `t${++txns}`, type = 'm.room.message') =>
  user.call('PUT', inRoom(roomId, 'send', type, txn), content)

const idOf = async (answer: ReturnType<typeof send>) => text(ok(await answer), 'event_id')

async function extremities(room: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT cardinality(extremities) AS n FROM rooms WHERE room_id = ${room}`.execute(server.ctx.db)
  return rows[0]?.n ?? 0
}

describe('sending', () => {
  it('shows the event to the room, and its transaction id to the sending device alone', async () => {
    const content = { msgtype: 'm.text', body: 'hello', nested: { list: [1, null, true] } }
    const eventId = await idOf(send(bob, content, 'my txn'))
    const other = await bob.otherDevice()
    for (const user of [alice, bob, other]) {
      const body = ok(await user.call('GET', inRoom(roomId, 'event', eventId)))
      expect(body).toMatchObject({
        event_id: eventId,
        room_id: roomId,
        sender: bob.userId,
        type: 'm.room.message',
        content,
        unsigned: { membership: 'join' },
      })
      expect(Number(at(body, 'unsigned', 'age'))).toBeGreaterThanOrEqual(0)
      expect(at(body, 'unsigned', 'transaction_id')).toBe(user === bob ? 'my txn' : undefined)
    }
  })

  it('gives a repeated transaction the same event, whatever became of the sender', async () => {
    const first = await idOf(send(bob, { body: 'once' }, 'same'))
    expect(await idOf(send(bob, { body: 'twice' }, 'same'))).toBe(first)
    const inParallel = await Promise.all(
      Array.from({ length: 8 }, () => idOf(send(bob, { body: 'p' }, 'parallel'))),
    )
    expect(new Set(inParallel).size).toBe(1)
    await bob.leave(roomId)
    expect(await idOf(send(bob, { body: 'gone' }, 'same'))).toBe(first)
    const ids = await allMessages(alice, roomId, { dir: 'b' })
    expect(ids.filter((id) => id === first)).toHaveLength(1)
  })

  it('takes the same transaction id of another room, type or device for a new event', async () => {
    const other = await bob.otherDevice()
    const ids = [
      await idOf(send(bob, {}, 'x')),
      await idOf(send(bob, {}, 'x', 'm.other')),
      await idOf(send(other, {}, 'x')),
    ]
    roomId = await bob.createRoom()
    ids.push(await idOf(send(bob, {}, 'x')))
    expect(new Set(ids).size).toBe(4)
  })

  it('chains parallel sends without forks', async () => {
    const users = [alice, bob]
    const ids = await Promise.all(
      Array.from({ length: 64 }, (_, n) => idOf(send(users[n % 2] ?? alice, { body: `${n}` }))),
    )
    expect(await extremities(roomId)).toBe(1)
    const { rows } = await sql<{ parents: number; depths: number }>`
      SELECT max(cardinality(prev)) AS parents, count(DISTINCT depth) AS depths FROM events
      WHERE event_id = ANY(${ids}::text[])`.execute(server.ctx.db)
    expect(rows).toEqual([{ parents: 1, depths: 64 }])
    const seen = await allMessages(bob, roomId, { dir: 'b', limit: '10' })
    expect(new Set(seen).size).toBe(seen.length)
    expect(ids.every((id) => seen.includes(id))).toBe(true)
  })

  it('chains state and messages sent in parallel', async () => {
    const ids = await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        n % 4 === 0
          ? alice.setState(roomId, 'x.state', `k${n % 8}`, { n })
          : idOf(send(alice, { body: `${n}` })),
      ),
    )
    expect(new Set(ids).size).toBe(32)
    expect(await extremities(roomId)).toBe(1)
  })

  it('judges each send by what was sent before it, committed or not', async () => {
    const leave = bob.call('POST', inRoom(roomId, 'leave'), {})
    const late = Array.from({ length: 8 }, () => send(bob, { body: 'late' }))
    ok(await leave)
    const answers = await Promise.all(late)
    const left = await messages(alice, roomId, { dir: 'b', limit: '50' })
    const lastOfBob = left.events.find((event) => at(event, 'sender') === bob.userId)
    expect(at(lastOfBob, 'content', 'membership')).toBe('leave')
    expect(answers.every(({ status }) => status === 200 || status === 403)).toBe(true)
    expectError(await send(bob, { body: 'later' }), 403, 'M_FORBIDDEN')
  })

  it('refuses those who are not in the room, and says nothing of rooms that do not exist', async () => {
    const carol = await server.user(`carol${++txns}`)
    expectError(await send(carol, {}), 403, 'M_FORBIDDEN')
    roomId = '!nowhere:test.example'
    expectError(await send(carol, {}), 403, 'M_FORBIDDEN')
  })

  it('refuses what power levels do not allow', async () => {
    await alice.setState(roomId, 'm.room.power_levels', '', { events: { 'x.high': 60 } })
    expectError(await send(bob, {}, undefined, 'x.high'), 403, 'M_FORBIDDEN')
    await idOf(send(alice, {}, undefined, 'x.high'))
  })

  it.each([
    ['', 400, 'M_NOT_JSON'],
    ['{"a":', 400, 'M_NOT_JSON'],
    ['[]', 400, 'M_BAD_JSON'],
    ['"text"', 400, 'M_BAD_JSON'],
    ['{"a":1.5}', 400, 'M_BAD_JSON'],
    ['{"a":1e3}', 400, 'M_BAD_JSON'],
    ['{"a":-0}', 400, 'M_BAD_JSON'],
    ['{"a":9007199254740992}', 400, 'M_BAD_JSON'],
    ['{"a":"\\ud800"}', 400, 'M_BAD_JSON'],
    ['{"\\udc00":1}', 400, 'M_BAD_JSON'],
    [`{"a":"${'x'.repeat(65_536)}"}`, 413, 'M_TOO_LARGE'],
  ])('refuses %.40s with %i %s', async (raw, status, errcode) => {
    const path = `/_matrix/client/v3${inRoom(roomId, 'send', 'm.x', `bad${++txns}`)}`
    expectError(await server.request('PUT', path, { token: bob.token, raw }), status, errcode)
  })

  it('keeps NUL, __proto__ and integers at the limit in content', async () => {
    const raw = '{"__proto__":{"x":1},"n":9007199254740991,"nul":"a\\u0000b"}'
    const path = `/_matrix/client/v3${inRoom(roomId, 'send', 'm.x', 'odd')}`
    const eventId = await idOf(server.request('PUT', path, { token: bob.token, raw }))
    const { text: json } = await alice.call('GET', inRoom(roomId, 'event', eventId))
    expect(json).toContain(`"content":${raw}`)
  })

  it('refuses names that no event can have', async () => {
    expectError(await send(bob, {}, 'a\0b'), 400, 'M_INVALID_PARAM')
    expectError(await send(bob, {}, undefined, 'a\0b'), 400, 'M_INVALID_PARAM')
    expectError(await send(bob, {}, undefined, 'x'.repeat(256)), 413, 'M_TOO_LARGE')
    roomId = 'no room'
    expectError(await send(bob, {}), 400, 'M_INVALID_PARAM')
  })

  it('refuses to delay an event rather than send it at once', async () => {
    const path = `${inRoom(roomId, 'send', 'm.x', 'd')}?org.matrix.msc4140.delay=1000`
    expectError(await bob.call('PUT', path, {}), 400, 'M_INVALID_PARAM')
  })

  it('takes membership and create events only as state', async () => {
    const member = { membership: 'join' }
    expectError(await send(bob, member, undefined, 'm.room.member'), 403, 'M_FORBIDDEN')
    expectError(await send(alice, {}, undefined, 'm.room.create'), 400, 'M_BAD_JSON')
  })

  it('refuses a thread that starts at a related event', async () => {
    const root = await idOf(send(alice, { body: 'root' }))
    const inThread = { body: 'in', 'm.relates_to': { rel_type: 'm.thread', event_id: root } }
    const reply = await idOf(send(bob, inThread))
    const nested = { 'm.relates_to': { rel_type: 'm.thread', event_id: reply } }
    expectError(await send(bob, nested), 400, 'M_UNKNOWN')
    const { rows } = await sql<{ root: string }>`
      SELECT r.event_id AS root FROM events e JOIN events r ON r.pos = e.thread
      WHERE e.event_id = ${reply}`.execute(server.ctx.db)
    expect(rows).toEqual([{ root }])
  })

  it('starts no thread at an event of another room, even one that is known as a root', async () => {
    const root = await idOf(send(bob, { body: 'root' }))
    const inThread = { body: 'in', 'm.relates_to': { rel_type: 'm.thread', event_id: root } }
    await idOf(send(bob, inThread))
    const elsewhere = await bob.createRoom()
    const path = inRoom(elsewhere, 'send', 'm.room.message', 'x')
    const foreign = text(ok(await bob.call('PUT', path, inThread)), 'event_id')
    const stored = await server.ctx.reads.eventById(parseEventId(foreign))
    expect(stored).toMatchObject({ thread: undefined })
  })

  it('counts an edit of a threaded event to its thread, a reaction to the root not', async () => {
    const root = await idOf(send(alice, { body: 'root' }))
    const relation = (rel_type: string, event_id: string) => ({
      'm.relates_to': { rel_type, event_id },
    })
    const reply = await idOf(send(bob, relation('m.thread', root)))
    const edit = await idOf(send(bob, relation('m.replace', reply)))
    const reaction = await idOf(send(bob, relation('m.annotation', root), undefined, 'm.reaction'))
    const { rows } = await sql<{ event_id: string }>`
      SELECT e.event_id FROM events e JOIN events r ON r.pos = e.thread
      WHERE r.event_id = ${root} ORDER BY e.pos`.execute(server.ctx.db)
    expect(rows.map((row) => row.event_id)).toEqual([reply, edit])
    expect(reaction).toMatch(/^\$/)
  })
})

describe('highlights', () => {
  const highlighted = async (eventId: string): Promise<string[]> => {
    const { rows } = await sql<{ user_id: string }>`
      SELECT u.user_id FROM highlights h JOIN users u ON u.key = h.user_key
      JOIN events e ON e.pos = h.pos WHERE e.event_id = ${eventId}
      ORDER BY u.user_id`.execute(server.ctx.db)
    return rows.map((row) => row.user_id)
  }
  const mention = (mentions: unknown) => ({ body: 'b', msgtype: 'm.text', 'm.mentions': mentions })

  it('are for members whom the event mentions', async () => {
    const carol = await server.user(`carol${++txns}`)
    const users = [alice.userId, bob.userId, carol.userId, '@nobody:test.example', 5]
    const eventId = await idOf(send(bob, mention({ user_ids: users })))
    expect(await highlighted(eventId)).toEqual([alice.userId])
  })

  it('are for all members when somebody with the power mentions the room', async () => {
    const carol = await server.user(`carol${++txns}`)
    await carol.join(roomId)
    expect(await highlighted(await idOf(send(alice, mention({ room: true }))))).toEqual(
      [bob.userId, carol.userId].sort(),
    )
    expect(await highlighted(await idOf(send(bob, mention({ room: true }))))).toEqual([])
  })
})
