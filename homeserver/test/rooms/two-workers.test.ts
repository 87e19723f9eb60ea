import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { allMessages, expectError, inRoom, stateOf } from './room-paths.ts'

let one: TestServer
let two: TestServer
let alice: TestUser

beforeAll(async () => {
  one = await startTestServer()
  two = await startTestServer({ databaseUrl: one.databaseUrl })
  alice = await one.user('alice')
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

/** A request of a user through one of the workers. */
const through = (
  server: TestServer,
  user: TestUser,
  method: string,
  path: string,
  body?: unknown,
) => server.request(method, `/_matrix/client/v3${path}`, { token: user.token, body })

const send = async (server: TestServer, roomId: string, txn: string) =>
  text(
    ok(await through(server, alice, 'PUT', inRoom(roomId, 'send', 'm.x', txn), { txn })),
    'event_id',
  )

async function extremities(roomId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT cardinality(extremities) AS n FROM rooms WHERE room_id = ${roomId}`.execute(one.ctx.db)
  return rows[0]?.n ?? 0
}

describe('two workers over one database', () => {
  it('send into one room at the same time: nothing is lost, and the next event joins the branches', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const ids = await Promise.all(
      Array.from({ length: 100 }, (_, n) => send(n % 2 === 0 ? one : two, roomId, `t${n}`)),
    )
    const last = await send(one, roomId, 'last')
    expect(await extremities(roomId)).toBe(1)
    for (const query of [{ dir: 'b' }, { dir: 'f' }]) {
      const seen = await allMessages(alice, roomId, { ...query, limit: '7' })
      expect(new Set(seen).size).toBe(seen.length)
      expect([...ids, last].filter((id) => !seen.includes(id))).toEqual([])
    }
  })

  it('skip no event when paging from any place in the log, in either direction', async () => {
    const roomId = await alice.createRoom()
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => send(n % 2 === 0 ? one : two, roomId, `u${n}`)),
    )
    const { rows } = await sql<{ event_id: string; pos: number }>`
      SELECT e.event_id, e.pos FROM events e JOIN rooms r ON r.key = e.room
      WHERE r.room_id = ${roomId} ORDER BY e.pos`.execute(one.ctx.db)
    for (const { pos } of rows.filter((_row, index) => index % 5 === 0)) {
      const from = one.ctx.tokens.encode({ pos, inbox: undefined, ephemeral: undefined })
      const older = await allMessages(alice, roomId, { dir: 'b', from, limit: '9' })
      const newer = await allMessages(alice, roomId, { dir: 'f', from, limit: '9' })
      const missing = rows.filter(
        (row) => !(row.pos <= pos ? older : newer).includes(row.event_id as string),
      )
      expect(missing).toEqual([])
    }
  })

  it('set state at the same time: each key ends as one of them said, on one branch', async () => {
    const roomId = await alice.createRoom()
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const path = inRoom(roomId, 'state', 'x.state', `k${n % 5}`)
        ok(await through(n % 2 === 0 ? one : two, alice, 'PUT', path, { n }))
      }),
    )
    expect(await extremities(roomId)).toBe(1)
    for (let key = 0; key < 5; key++) {
      const n = Number(at(await stateOf(alice, roomId, 'x.state', `k${key}`), 'n'))
      expect(n % 5).toBe(key)
    }
  })

  it('recognise a transaction that the other has finished, or is about to', async () => {
    const roomId = await alice.createRoom()
    const first = await send(one, roomId, 'same')
    expect(await send(two, roomId, 'same')).toBe(first)
    const both = await Promise.all([send(one, roomId, 'both'), send(two, roomId, 'both')])
    expect(new Set(both).size).toBe(1)
    await send(two, roomId, 'after')
  })

  it('know at once what the other has changed', async () => {
    const bob = await one.user('bob')
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(roomId)
    ok(await through(two, bob, 'PUT', inRoom(roomId, 'send', 'm.x', 'a'), {}))
    await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'ban' })
    const denied = await through(two, bob, 'PUT', inRoom(roomId, 'send', 'm.x', 'b'), {})
    expectError(denied, 403, 'M_FORBIDDEN')
    await alice.setState(roomId, 'm.room.member', bob.userId, { membership: 'leave' })
    ok(await through(two, bob, 'POST', inRoom(roomId, 'join'), {}))
    ok(await through(one, bob, 'PUT', inRoom(roomId, 'send', 'm.x', 'c'), {}))
  })

  it('let nobody speak whom another worker has silenced, removed or banned, and again whoever may', async () => {
    const bill = await one.user('bill')
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    await bill.join(roomId)
    // alice made the room: no level binds her
    const levels = (eventsDefault: number) =>
      alice.setState(roomId, 'm.room.power_levels', '', { events_default: eventsDefault })
    const member = (membership: string) =>
      alice.setState(roomId, 'm.room.member', bill.userId, { membership })
    const changes: [() => Promise<unknown>, () => Promise<unknown>][] = [
      [() => levels(50), () => levels(0)],
      [() => member('leave'), () => bill.join(roomId)],
      [() => member('ban'), () => member('leave').then(() => bill.join(roomId))],
    ]
    let n = 0
    const speak = async () => {
      const path = inRoom(roomId, 'send', 'm.room.message', `b${n++}`)
      const body = { msgtype: 'm.text', body: 'hello' }
      return (await through(two, bill, 'PUT', path, body)).status
    }
    for (const [silence, allow] of changes) {
      expect(await speak()).toBe(200)
      // many on their way at the moment of the change
      const meanwhile = Array.from({ length: 20 }, speak)
      await silence()
      const after = Array.from({ length: 5 }, speak)
      expect(new Set(await Promise.all(after))).toEqual(new Set([403]))
      await Promise.all(meanwhile)
      await allow()
      await expect.poll(speak).toBe(200)
    }
    const spoken = await sql<{ forbidden: boolean }>`
      SELECT (SELECT s.pdu::json->'content'->>'events_default' = '50' FROM events s
          WHERE s.room = e.room AND s.pos < e.pos AND s.type = (
            SELECT key FROM event_types WHERE type = 'm.room.power_levels')
          ORDER BY s.pos DESC LIMIT 1)
        OR (SELECT s.pdu::json->'content'->>'membership' <> 'join' FROM events s
          WHERE s.room = e.room AND s.pos < e.pos AND s.pdu::json->>'state_key' = ${bill.userId}
          ORDER BY s.pos DESC LIMIT 1) AS forbidden
      FROM events e JOIN users u ON u.key = e.sender JOIN rooms r ON r.key = e.room
      WHERE r.room_id = ${roomId} AND u.user_id = ${bill.userId} AND e.state_key IS NULL`.execute(
      one.ctx.db,
    )
    expect(spoken.rows.length).toBeGreaterThan(5)
    expect(spoken.rows.filter(({ forbidden }) => forbidden)).toEqual([])
  })
})
