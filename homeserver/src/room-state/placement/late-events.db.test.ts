import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { PLANNER_SETTINGS } from '#log/read/connections.ts'
import { ROOM_TAIL, ROOM_TAILS } from '#log/read/statements.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import type { EventEntry } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { createRoomStates } from '../index.ts'
import { SmallRoom } from '../test-support/small-room.ts'

/** A room with a message, a fork, and two events that were stored before they counted. */
async function lateRoom(stack: AsyncDisposableStack) {
  const database = stack.use(await testDatabase())
  const log = stack.use(await testLog(database.url))
  const { placer } = createRoomStates(log)
  const room = await SmallRoom.make(log, placer)
  const { dag } = room
  const creator = (await log.dictionary.user(room.event('x', []).sender)).key
  const late = room.topic('late', [room.start])
  const later = room.event('later', [late.eventId])
  const prev = dag.at([room.start])
  await placer.appendOutlier(dag.key, prev, await dag.checked(late))
  await placer.appendOutlier(dag.key, prev, await dag.checked(later))
  await dag.add(placer, room.event('first', [room.start]))
  await dag.add(placer, late, { highlights: [creator] })
  await dag.add(placer, room.topic('side', [room.start], 2))
  await dag.add(placer, later)
  await dag.add(placer, room.event('redaction', [later.eventId]), {
    redacts: dag.at([later.eventId])[0],
  })
  await dag.add(placer, room.event('last', [room.start]))
  return { database, log, room: dag.key, late, creator }
}

const told = (entries: readonly EventEntry[] | undefined) =>
  entries?.map((entry) => ({ ...entry, prev: entry.prev?.toSorted() }))

test('an event that came late is in the tail of its room, from memory and from the database', async () => {
  await using stack = new AsyncDisposableStack()
  const { database, log, room, late, creator } = await lateRoom(stack)
  await using cold = await testLog(database.url)
  const head = log.log.head
  const whole = { after: 0, upTo: head, limit: 50 }
  const { events: warm } = await log.reads.roomTail(room, whole)
  const { events } = await cold.reads.roomTail(room, whole)
  expect(events.map(({ pos }) => pos)).toEqual(Array.from({ length: head }, (_, n) => n + 1))
  expect(told(events)).toEqual(told(warm))
  const entry = events.find(({ event }) => event.eventId === late.eventId)
  expect(entry).toMatchObject({ pos: 5, event: { pos: -1 }, highlights: [creator] })
  await using other = await testLog(database.url)
  const tails = await other.reads.roomTails([room], { upTo: head, limit: 50 })
  expect(told(tails.get(room))).toEqual(told(warm))
})

test.each([1, 2, 5])('a tail of %i that ends at a late event is the same', async (limit) => {
  await using stack = new AsyncDisposableStack()
  const { database, log, room } = await lateRoom(stack)
  for (let upTo = 3; upTo <= log.log.head; upTo++) {
    await using cold = await testLog(database.url)
    const range = { after: 2, upTo, limit }
    const warm = await log.reads.roomTail(room, range)
    const read = await cold.reads.roomTail(room, range)
    expect([told(read.events), read.limited]).toEqual([told(warm.events), warm.limited])
    const newest = await cold.reads.roomTails([room], { upTo: upTo - 1, limit })
    const known = await log.reads.roomTails([room], { upTo: upTo - 1, limit })
    expect(told(newest.get(room))).toEqual(told(known.get(room)))
  }
})

/** What each step of a statement's plan did, outermost first. */
async function planOf(
  { db }: TestDatabase,
  text: string,
  types: string,
  values: string,
): Promise<{ node: string; rows: number }[]> {
  return await db.connection().execute(async (one) => {
    await sql.raw(`${PLANNER_SETTINGS}; SET enable_bitmapscan = off`).execute(one)
    await sql.raw(`PREPARE tail (${types}) AS ${text}`).execute(one)
    const { rows } = await sql
      .raw<{ 'QUERY PLAN': unknown }>(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE tail(${values})`)
      .execute(one)
    await sql`DEALLOCATE tail`.execute(one)
    const plan = rows[0]?.['QUERY PLAN']
    const [root] = objectsIn(typeof plan === 'string' ? parseJson(plan) : plan)
    return root === undefined ? [] : nodesOf(root['Plan'])
  })
}

const objectsIn = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

function nodesOf(plan: unknown): { node: string; rows: number }[] {
  if (!isJsonObject(plan)) return []
  const rows = Number(plan['Actual Rows']) * Number(plan['Actual Loops'])
  const inner = objectsIn(plan['Plans']).flatMap(nodesOf)
  return [{ node: String(plan['Node Type']), rows }, ...inner]
}

test.each([0, 700])(
  'reading a tail looks at no more than is asked for, with %i late events',
  async (n) => {
    await using stack = new AsyncDisposableStack()
    const { database, room } = await lateRoom(stack)
    const copies = `SELECT room, type, sender, depth, ts, line, sidx, flags, prev, auth, c_at, c_end, pdu
    FROM events WHERE pos = 4`
    await sql
      .raw(`INSERT INTO events (pos, event_id, room, type, sender, depth, ts, line, sidx, flags,
      prev, auth, c_at, c_end, pdu)
    SELECT 100 + n, '$' || n, e.* FROM generate_series(1, 3000) AS n, (${copies}) e`)
      .execute(database.db)
    await sql
      .raw(`INSERT INTO events (pos, event_id, room, type, sender, depth, ts, line, sidx, flags,
      prev, auth, c_at, c_end, pdu)
    SELECT -100 - n, '$late' || n, e.* FROM generate_series(1, ${n}) AS n, (${copies}) e`)
      .execute(database.db)
    await sql`INSERT INTO late_events (pos, ev, room)
    SELECT 5000 + n, -100 - n, ${room} FROM generate_series(1, ${n}::int) AS n`.execute(database.db)
    const limit = 20
    for (const [text, types, values] of [
      [ROOM_TAIL.text, 'bigint, bigint, bigint, bigint', `${room}, 0, 9000, ${limit}`],
      [ROOM_TAILS.text, 'bigint[], bigint, bigint', `'{${room}}', 9000, ${limit}`],
    ] as const) {
      const nodes = await planOf(database, text, types, values)
      expect(nodes.length).toBeGreaterThan(5)
      expect(nodes.filter(({ rows }) => rows > 2 * limit)).toEqual([])
      expect(nodes.filter(({ node }) => /Seq Scan|Bitmap/.test(node))).toEqual([])
    }
  },
)
