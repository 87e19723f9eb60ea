import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import type { OpenLog } from '../index.ts'
import { asDeviceKey } from '../keys.ts'
import {
  eventItem,
  makeRoom,
  newRef,
  next,
  testLog,
  testUser,
  type TestRoom,
} from '../test-support/test-logs.ts'
import type { AppendItem, EventItem, EventRef, UserInfo } from '../types.ts'

let database: TestDatabase
let worker: OpenLog
let alice: UserInfo
let bob: UserInfo

beforeAll(async () => {
  database = await testDatabase()
  worker = await testLog(database.url)
  alice = await testUser(worker, 'alice')
  bob = await testUser(worker, 'bob')
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

/** A message as the property describes it. */
interface Draft {
  readonly room: number
  readonly bob: boolean
  readonly notifies: boolean
  readonly hasTxn: boolean
  readonly inThread: boolean
  /** To the room's last message of an earlier batch. */
  readonly relates: boolean
  /** Builds on the room's last message, on what was stored before the batch, or on all of that. */
  readonly on: 'last' | 'stored' | 'all stored'
}

const draft: fc.Arbitrary<Draft> = fc.record({
  room: fc.nat(2),
  bob: fc.boolean(),
  notifies: fc.boolean(),
  hasTxn: fc.boolean(),
  inThread: fc.boolean(),
  relates: fc.boolean(),
  on: fc.constantFrom('last', 'last', 'stored', 'all stored'),
})
const script = fc.array(fc.array(draft, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 4,
})

/** Rooms, and the messages sent into them in the order of the log. */
interface Run {
  readonly rooms: readonly TestRoom[]
  readonly messages: EventItem[]
}

/** What keeps a batch from the short way, and leaves no trace among the messages. */
const company: AppendItem = { kind: 'invalidation', what: 'user', key: 'x' }

async function run(batches: readonly Draft[][], together: readonly AppendItem[]): Promise<Run> {
  const rooms = [
    await makeRoom(worker, alice),
    await makeRoom(worker, alice),
    await makeRoom(worker, alice),
  ]
  const messages: EventItem[] = []
  for (const drafts of batches) {
    const stored = rooms.map((room) => room.last)
    const tips = await Promise.all(rooms.map((room) => extremities(room, messages)))
    const items = drafts.map((one) => messageOf(one, rooms, stored, tips))
    const groups = items.map((item): AppendItem[] => [item])
    if (together.length > 0) groups.push([...together])
    for (const { outcome } of await Promise.all(groups.map((group) => worker.log.append(group)))) {
      expect(outcome).toBe('ok')
    }
    messages.push(...items.toSorted((a, b) => (a.ref.pos ?? 0) - (b.ref.pos ?? 0)))
  }
  return { rooms, messages }
}

async function extremities(room: TestRoom, messages: readonly EventItem[]): Promise<EventRef[]> {
  const { rows } = await sql<{ pos: number }>`
    SELECT unnest(extremities) AS pos FROM rooms WHERE key = ${room.key}`.execute(database.db)
  return rows.map(({ pos }) => {
    const known = messages.find((item) => item.ref.pos === pos)
    return known?.ref ?? { ...newRef(3), pos }
  })
}

function messageOf(
  one: Draft,
  rooms: readonly TestRoom[],
  stored: readonly EventRef[],
  tips: readonly EventRef[][],
): EventItem {
  const room = rooms[one.room]
  const before = stored[one.room]
  const all = tips[one.room]
  if (room === undefined || before === undefined || all === undefined) throw new Error('no room')
  const prev = { last: [room.last], stored: [before], 'all stored': all }[one.on]
  const sender = one.bob ? bob : alice
  const item = eventItem(room.key, sender, {
    prev,
    auth: [room.create],
    stateVersion: room.stateVersion,
    flags: one.notifies ? 32 : 0,
    txn: one.hasTxn ? txn() : undefined,
    thread: one.inThread ? room.create : undefined,
    relation: one.relates ? { type: 'm.reference', eventId: before.eventId } : undefined,
  })
  if (one.on === 'last') room.last = item.ref
  return item
}

/** All that the messages left in the tables, with ordinals instead of keys and positions. */
async function traces({ rooms, messages }: Run): Promise<unknown> {
  const ordinal = new Map(messages.map((item, index) => [item.ref.pos, index]))
  const place = (pos: number) => ordinal.get(pos) ?? 'older'
  const byId = new Map(messages.map((item, index) => [String(item.ref.eventId), index]))
  const found: unknown[] = []
  for (const item of messages) {
    const { rows } = await sql<
      { prev: string[]; relates_to: string | null } & Record<string, unknown>
    >`
      SELECT e.type, e.sender, e.state_key, e.depth, e.ts, e.sidx, e.flags, e.prev, e.notify_seq,
        e.thread = e.auth[1] AS in_thread, e.redacted_by, e.c_at, e.c_end, e.pdu,
        e.relates_to, e.rel_type,
        e.line = r.line AS on_line, cardinality(e.auth) AS auth, t.device, t.id = ${item.txn?.id} AS id,
        t.key = ${item.txn?.key} AS key
      FROM events e JOIN rooms r ON r.key = e.room LEFT JOIN txns t ON t.pos = e.pos
      WHERE e.pos = ${item.ref.pos} AND e.event_id = ${item.ref.eventId}`.execute(database.db)
    found.push(
      rows.map((row) => ({
        ...row,
        prev: row.prev.map((pos) => place(Number(pos))),
        relates_to: row.relates_to && (byId.get(row.relates_to) ?? 'older'),
      })),
    )
  }
  for (const { key } of rooms) {
    const { rows } = await sql<{ extremities: string[]; last_pos: number }>`
      SELECT extremities, last_pos, state_version, notify_seq FROM rooms WHERE key = ${key}`.execute(
      database.db,
    )
    const read = await sql<{ read_pos: number }>`SELECT user_key, read_pos, notify_seq
      FROM read_state WHERE room = ${key} ORDER BY user_key`.execute(database.db)
    found.push(
      rows.map((row) => ({
        ...row,
        extremities: row.extremities.map((pos) => place(Number(pos))),
        last_pos: place(row.last_pos),
      })),
      read.rows.map((row) => ({ ...row, read_pos: place(row.read_pos) })),
    )
  }
  return found
}

describe('plain messages', () => {
  test('leave in every table what they would have left on the general way', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (batches) => {
        const short = await run(batches, [])
        const general = await run(batches, [company])
        expect(await traces(short)).toEqual(await traces(general))
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  test('sent again are found by their event ids or their transactions', async () => {
    const room = await makeRoom(worker, alice)
    const items = [next(room, alice, { txn: txn() }), next(room, alice, { txn: txn() })]
    for (const item of items) expect(await worker.log.append([item])).toEqual({ outcome: 'ok' })
    const again = items.map((item) => ({ ...item, ref: { ...item.ref, pos: undefined } }))
    const fresh = next(room, alice)
    const outcomes = await Promise.all([...again, fresh].map((item) => worker.log.append([item])))
    expect(outcomes).toEqual([{ outcome: 'ok' }, { outcome: 'ok' }, { outcome: 'ok' }])
    expect(again.map((item) => item.ref.pos)).toEqual(items.map((item) => item.ref.pos))
    const repeated = next(room, alice, { txn: items[0]?.txn })
    expect(await worker.log.append([repeated])).toEqual({
      outcome: 'duplicate',
      eventId: items[0]?.ref.eventId,
    })
  })

  test('of which one is outdated: it alone conflicts, and no position is lost', async () => {
    const room = await makeRoom(worker, alice)
    const other = await makeRoom(worker, alice)
    const { head } = worker.log
    const fine = [next(other, alice), next(other, alice)]
    const stale = eventItem(room.key, alice, { prev: [room.last], stateVersion: 2 })
    const outcomes = await Promise.all([...fine, stale].map((item) => worker.log.append([item])))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'conflict'])
    const alone = eventItem(room.key, alice, { prev: [room.last], stateVersion: 2 })
    expect(await worker.log.append([alone])).toEqual({ outcome: 'conflict' })
    await worker.log.catchUp()
    expect(worker.log.head).toBe(head + fine.length)
  })
})
