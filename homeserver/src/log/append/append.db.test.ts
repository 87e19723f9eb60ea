import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import type { OpenLog } from '../index.ts'
import { asDeviceKey } from '../keys.ts'
import type { AppendOutcome, EventItem, RoomKey, UserInfo } from '../types.ts'
import {
  eventItem,
  makeRoom,
  memberDraft,
  newRef,
  next,
  roomGroup,
  testLog,
  testUser,
} from '../test-support/test-logs.ts'

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

const append = (...items: Parameters<OpenLog['log']['append']>[0]): Promise<AppendOutcome> =>
  worker.log.append(items)

async function extremities(room: RoomKey): Promise<number[]> {
  const { rows } = await sql<{ ev: number }>`
    SELECT unnest(extremities) AS ev FROM rooms WHERE key = ${room} ORDER BY 1`.execute(database.db)
  return rows.map((row) => row.ev)
}

async function positionsOf(items: readonly EventItem[]): Promise<(number | undefined)[]> {
  const stored = await worker.reads.eventsById(items.map((item) => item.ref.eventId))
  return items.map((item) => stored.get(item.ref.eventId)?.pos)
}

describe('an append', () => {
  test('of chained events in one turn gives consecutive positions in their order', async () => {
    const room = await makeRoom(worker, alice)
    const before = worker.log.head
    const items = Array.from({ length: 50 }, () => next(room, alice))
    await Promise.all(items.map((item) => append(item)))
    expect(items.map((item) => item.ref.pos)).toEqual(items.map((_, n) => before + 1 + n))
    expect(await positionsOf(items)).toEqual(items.map((item) => item.ref.pos))
    expect(await extremities(room.key)).toEqual([items.at(-1)?.ref.pos])
  })

  test('authorised on an older state conflicts and leaves nothing', async () => {
    const room = await makeRoom(worker, alice)
    const before = await extremities(room.key)
    const stale = eventItem(room.key, alice, { prev: [room.last], stateVersion: 2 })
    expect(await append(stale)).toEqual({ outcome: 'conflict' })
    expect(stale.ref.pos).toBeUndefined()
    expect(await positionsOf([stale])).toEqual([undefined])
    expect(await extremities(room.key)).toEqual(before)
  })

  test('of a message on outdated parents is a small fork, which the next event heals', async () => {
    const room = await makeRoom(worker, alice)
    const parent = room.last
    const left = next(room, alice)
    const right = eventItem(room.key, bob, { prev: [parent], stateVersion: 3 })
    expect(await append(left)).toEqual({ outcome: 'ok' })
    expect(await append(right)).toEqual({ outcome: 'ok' })
    expect(await extremities(room.key)).toEqual([left.ref.pos, right.ref.pos])
    const joins = eventItem(room.key, alice, { prev: [left.ref, right.ref], stateVersion: 3 })
    expect(await append(joins)).toEqual({ outcome: 'ok' })
    expect(await extremities(room.key)).toEqual([joins.ref.pos])
  })

  test('of a state event must name all extremities', async () => {
    const room = await makeRoom(worker, alice)
    const parent = room.last
    const left = next(room, alice)
    await append(left)
    const topic = { type: 'm.room.topic', stateKey: '', content: {}, stateVersion: 3 }
    const outdated = eventItem(room.key, alice, { ...topic, prev: [parent] })
    expect(await append(outdated)).toEqual({ outcome: 'conflict' })
    const current = eventItem(room.key, alice, { ...topic, prev: [left.ref] })
    expect(await append(current)).toEqual({ outcome: 'ok' })
  })

  test('on a parent that was never stored conflicts', async () => {
    const room = await makeRoom(worker, alice)
    const lost = eventItem(room.key, alice, { prev: [newRef(3)], stateVersion: 3 })
    expect(await append(lost)).toEqual({ outcome: 'conflict' })
  })

  test('that conflicts takes those that build on it with it, and no others', async () => {
    const room = await makeRoom(worker, alice)
    const other = await makeRoom(worker, alice)
    const stale = eventItem(room.key, alice, { prev: [room.last], stateVersion: 1 })
    const child = eventItem(room.key, alice, { prev: [stale.ref], stateVersion: 3 })
    const fine = next(other, alice)
    const outcomes = await Promise.all([append(stale), append(child), append(fine)])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['conflict', 'conflict', 'ok'])
  })

  test('of a group is all or nothing', async () => {
    const room = await makeRoom(worker, alice)
    const before = worker.log.head
    const good = next(room, alice)
    const bad = eventItem(room.key, alice, { prev: [good.ref], stateVersion: 1 })
    const note = { kind: 'account_data', user: alice.key, room: room.key, type: 'm.tag' } as const
    expect(await append(good, bad, { ...note, content: '{"a":1}' })).toEqual({
      outcome: 'conflict',
    })
    expect(await positionsOf([good, bad])).toEqual([undefined, undefined])
    expect(await worker.reads.accountData(alice.key, room.key, 'm.tag')).toBeUndefined()
    expect(worker.log.head).toBe(before)
  })

  test('sent again with the same event ids is ok and stores nothing twice', async () => {
    const room = await makeRoom(worker, alice)
    const item = next(room, alice)
    await append(item)
    const head = worker.log.head
    const again = { ...item, ref: { ...item.ref, pos: undefined } }
    expect(await append(again)).toEqual({ outcome: 'ok' })
    expect(again.ref.pos).toBe(item.ref.pos)
    expect(worker.log.head).toBe(head)
  })

  test('with a known transaction key gives the event that it stands for', async () => {
    const room = await makeRoom(worker, alice)
    const txn = { device: asDeviceKey(1), key: `send ${room.key} t1`, id: 't1' }
    const first = next(room, alice, { txn })
    const second = eventItem(room.key, alice, { txn, prev: [first.ref], stateVersion: 3 })
    const outcomes = await Promise.all([append(first), append(second)])
    expect(outcomes).toEqual([
      { outcome: 'ok' },
      { outcome: 'duplicate', eventId: first.ref.eventId },
    ])
    expect(await positionsOf([second])).toEqual([undefined])
  })

  test('of a room that exists already conflicts', async () => {
    const room = await makeRoom(worker, alice)
    const other = roomGroup(room.key, alice)
    expect(await worker.log.append(other.group)).toEqual({ outcome: 'conflict' })
  })

  test('that the database refuses fails alone, not the batch that it shared', async () => {
    const room = await makeRoom(worker, alice)
    const poison = { ...next({ ...room }, alice), json: 'no\0pe' }
    const fine = next(room, alice)
    const [refused, accepted] = await Promise.allSettled([append(poison), append(fine)])
    expect(refused.status).toBe('rejected')
    expect(accepted).toMatchObject({ status: 'fulfilled', value: { outcome: 'ok' } })
  })

  test('of a membership is seen in the memberships and counts of a room', async () => {
    const room = await makeRoom(worker, alice)
    expect(await worker.reads.memberCounts(room.key)).toEqual({ joined: 1, invited: 0 })
    expect((await worker.reads.membershipsOf(bob.key)).get(room.key)).toBeUndefined()
    const invite = next(room, alice, memberDraft(bob, 'invite'))
    await append(invite)
    expect(await worker.reads.memberCounts(room.key)).toEqual({ joined: 1, invited: 1 })
    const row = (await worker.reads.membershipsOf(bob.key)).get(room.key)
    expect(row).toMatchObject({ membership: 'invite', pos: invite.ref.pos, forgotten: false })
    await append(next(room, bob, memberDraft(bob, 'join')))
    expect(await worker.reads.memberCounts(room.key)).toEqual({ joined: 2, invited: 0 })
    const members = await worker.reads.members(room.key, ['join'])
    expect(new Set(members.map(({ user }) => user))).toEqual(new Set([alice.key, bob.key]))
  })

  test('counts the events that notify, and remembers who has read how far', async () => {
    const room = await makeRoom(worker, alice)
    const items = [32, 0, 32].map((flags) => next(room, alice, { flags }))
    await Promise.all(items.map((item) => append(item)))
    const stored = await worker.reads.eventsById(items.map((item) => item.ref.eventId))
    expect(items.map((item) => stored.get(item.ref.eventId)?.notifySeq)).toEqual([1, 1, 2])
    const [first, second] = items
    if (first === undefined || second === undefined) throw new Error('no events')
    const receipt = { kind: 'receipt', room: room.key, user: bob.key, type: 'm.read' } as const
    await append({ ...receipt, threadId: undefined, event: second.ref, ts: 1 })
    await append({ ...receipt, threadId: undefined, event: first.ref, ts: 2 })
    const { rows } = await sql`SELECT read_pos, notify_seq FROM read_state
      WHERE room = ${room.key} ORDER BY read_pos`.execute(database.db)
    expect(rows).toEqual([
      { read_pos: second.ref.pos, notify_seq: 1 },
      { read_pos: items[2]?.ref.pos, notify_seq: 2 },
    ])
    const range = { after: 0, upTo: worker.log.head }
    expect(await worker.reads.receiptsIn([room.key], range)).toMatchObject([
      { eventId: second.ref.eventId, ts: 1 },
    ])
  })

  test('of unchanged account data moves nothing', async () => {
    const item = { kind: 'account_data', user: bob.key, room: undefined, type: 'm.x' } as const
    await append({ ...item, content: '{"a":1}' })
    const head = worker.log.head
    expect(await append({ ...item, content: '{"a":1}' })).toEqual({ outcome: 'ok' })
    expect(worker.log.head).toBe(head)
  })

  test('of a second redaction leaves the first one in force', async () => {
    const room = await makeRoom(worker, alice)
    const message = next(room, alice)
    const redactions = [0, 1].map(() =>
      next(room, alice, { type: 'm.room.redaction', redacts: message.ref }),
    )
    await Promise.all([message, ...redactions].map((item) => append(item)))
    const stored = await worker.reads.eventById(message.ref.eventId)
    expect(stored).toMatchObject({ redactedBy: redactions[0]?.ref.pos, flags: 4 })
    const { events } = await worker.reads.roomTail(room.key, {
      after: 3,
      upTo: worker.log.head,
      limit: 3,
    })
    expect(events.map((entry) => entry.redacts)).toEqual([undefined, message.ref.pos, undefined])
    expect(events[0]?.client).toContain('"content":{}')
  })
})
