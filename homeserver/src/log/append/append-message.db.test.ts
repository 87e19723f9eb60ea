import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import type { OpenLog } from '../index.ts'
import { asDeviceKey } from '../keys.ts'
import { eventItem, makeRoom, next, testLog, testUser } from '../test-support/test-logs.ts'
import type { EventItem, UserInfo } from '../types.ts'

let database: TestDatabase
let worker: OpenLog
let alice: UserInfo

beforeAll(async () => {
  database = await testDatabase()
  worker = await testLog(database.url)
  alice = await testUser(worker, 'alice')
})
afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const device = asDeviceKey(7)
let counter = 0
function txn() {
  const id = `m${counter++}`
  return { device, key: `send ${id}`, id }
}

/** Something that does not happen alone: the batch goes the general way. */
const company = () => ({ kind: 'invalidation', what: 'user', key: 'x' }) as const

/** All that a message leaves, less what differs from message to message. */
async function traces(item: EventItem): Promise<unknown> {
  const pos = item.ref.pos ?? 0
  const events = await sql`SELECT room, type, sender, state_key, depth, ts, line, sidx, flags,
      prev = ARRAY[${item.prev[0]?.pos}::bigint] AS prev, auth, notify_seq, thread,
      redacted_by, c_at, c_end, pdu
    FROM events WHERE pos = ${pos}`.execute(database.db)
  const txns = await sql`SELECT device, key = ${item.txn?.key} AS key, id = ${item.txn?.id} AS id
    FROM txns WHERE pos = ${pos}`.execute(database.db)
  const room = await sql`SELECT state_version, line, idx, notify_seq,
      extremities = ARRAY[${pos}::bigint] AS extremities, last_pos - ${pos}::bigint AS behind
    FROM rooms WHERE key = ${item.room}`.execute(database.db)
  const read = await sql`SELECT notify_seq FROM read_state
    WHERE room = ${item.room} AND user_key = ${item.sender} AND read_pos = ${pos}`.execute(
    database.db,
  )
  return { events: events.rows, txns: txns.rows, room: room.rows, read: read.rows }
}

describe('a message alone', () => {
  test('leaves in every table what it would have left in a batch', async () => {
    for (const flags of [0, 16, 32]) {
      const [one, two] = [await makeRoom(worker, alice), await makeRoom(worker, alice)]
      const alone = next(one, alice, { flags, txn: txn(), auth: [one.create] })
      const inCompany = next(two, alice, { flags, txn: txn(), auth: [one.create] })
      expect(await worker.log.append([alone])).toEqual({ outcome: 'ok' })
      expect(await worker.log.append([inCompany, company()])).toEqual({ outcome: 'ok' })
      const room = await sql<{ line: number }>`SELECT line FROM rooms
        WHERE key IN (${one.key}, ${two.key}) ORDER BY key`.execute(database.db)
      const lines = room.rows.map((row) => row.line)
      const normal = (found: unknown, key: number, line: number | undefined) =>
        JSON.stringify(found)
          .replaceAll(`"room":${key}`, '"room":0')
          .replaceAll(`"line":${line}`, '"line":0')
      expect(normal(await traces(alone), one.key, lines[0])).toEqual(
        normal(await traces(inCompany), two.key, lines[1]),
      )
    }
  })

  test('sent again is found by its event id or its transaction', async () => {
    const room = await makeRoom(worker, alice)
    const item = next(room, alice, { txn: txn() })
    expect(await worker.log.append([item])).toEqual({ outcome: 'ok' })
    const again = { ...item, ref: { ...item.ref, pos: undefined } }
    expect(await worker.log.append([again])).toEqual({ outcome: 'ok' })
    expect(again.ref.pos).toBe(item.ref.pos)
    const repeated = next(room, alice, { txn: item.txn })
    expect(await worker.log.append([repeated])).toEqual({
      outcome: 'duplicate',
      eventId: item.ref.eventId,
    })
  })

  test('of a sender who never wrote, and then wrote again, moves what they have read', async () => {
    const room = await makeRoom(worker, alice)
    const bob = await testUser(worker, 'bob')
    for (const expected of [1, 2]) {
      const item = next(room, bob, { flags: 32 })
      expect(await worker.log.append([item])).toEqual({ outcome: 'ok' })
      expect(await traces(item)).toMatchObject({ read: [{ notify_seq: expected }] })
    }
  })

  test('on one of two branches leaves the other one an extremity', async () => {
    const room = await makeRoom(worker, alice)
    const { last } = room
    const left = next(room, alice)
    const right = eventItem(room.key, alice, { prev: [last], stateVersion: 3 })
    await worker.log.append([left])
    await worker.log.append([right])
    const further = eventItem(room.key, alice, { prev: [left.ref], stateVersion: 3 })
    expect(await worker.log.append([further])).toEqual({ outcome: 'ok' })
    const { rows } = await sql`SELECT extremities::text FROM rooms WHERE key = ${room.key}`.execute(
      database.db,
    )
    expect(rows).toEqual([{ extremities: `{${right.ref.pos},${further.ref.pos}}` }])
  })

  test('in a room that has moved on conflicts and gives out no position', async () => {
    const room = await makeRoom(worker, alice)
    const { head } = worker.log
    const stale = eventItem(room.key, alice, { prev: [room.last], stateVersion: 2 })
    expect(await worker.log.append([stale])).toEqual({ outcome: 'conflict' })
    await worker.log.catchUp()
    expect(worker.log.head).toBe(head)
  })
})
