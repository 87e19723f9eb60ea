import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { LogEntry } from '#log/types.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { createRoomStates } from '../index.ts'
import { purgeState } from '../purge.ts'
import { SmallRoom } from '../test-support/small-room.ts'
import { UnknownParent } from './placer.ts'

async function counts({ db }: TestDatabase) {
  const { rows } = await sql`SELECT (SELECT count(*)::int FROM state_lines) AS lines,
    (SELECT count(*)::int FROM state_log) AS rows, (SELECT count(*)::int FROM state_ckpt) AS ckpts,
    (SELECT count(*)::int FROM room_state) AS keys`.execute(db)
  return rows[0]
}

async function setUp() {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await testDatabase())
  const log = stack.use(await testLog(database.url))
  const states = createRoomStates(log)
  const room = await SmallRoom.make(log, states.placer)
  const topic = async (from = states) =>
    (await from.currentOf(room.dag.key, 'm.room.topic', ''))?.eventId
  const resources = stack.move()
  return {
    database,
    log,
    states,
    placer: states.placer,
    room,
    topic,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

test('a message on an older parent copies its point and writes nothing', async () => {
  await using it = await setUp()
  const { room, placer, database, log } = it
  await room.dag.add(placer, room.topic('topic', [room.start]))
  const before = await counts(database)
  await room.dag.add(placer, room.event('late', [room.start]))
  expect(await counts(database)).toEqual(before)
  const stored = await log.reads.eventsById([room.start, room.event('late', []).eventId])
  const [start, late] = [...stored.values()]
  expect(late?.point).toEqual(start?.point)
})

test('branches that fight over one key cost a row each, and the later one wins', async () => {
  await using it = await setUp()
  const { room, placer, database, topic } = it
  const tips = [room.start, room.start]
  const before = await counts(database)
  for (let n = 0; n < 12; n++) {
    const event = room.topic(`flap${n}`, [tips[n % 2] ?? room.start], n)
    await room.dag.add(placer, event)
    tips[n % 2] = event.eventId
    expect(await topic()).toBe(event.eventId)
  }
  // each branch has a line, and the current state is the end of that which wins
  expect(before).toMatchObject({ lines: 1, rows: 3 })
  expect(await counts(database)).toMatchObject({ lines: 2, rows: 3 + 12, keys: 4 })
  await room.dag.add(placer, room.event('heal', tips))
  expect(await counts(database)).toMatchObject({ lines: 2, rows: 15 })
})

test('of two writers with the same view one conflicts, and succeeds when it looks again', async () => {
  await using it = await setUp()
  const { room, placer, database, topic } = it
  await using other = await testLog(database.url)
  const others = createRoomStates(other)
  const prev = room.dag.at([room.start])
  const views = [
    await placer.before(room.dag.key, prev),
    await others.placer.before(room.dag.key, prev),
  ] as const
  const [one, two] = [
    await room.dag.checked(room.topic('one', [room.start], 1)),
    await room.dag.checked(room.topic('two', [room.start], 2)),
  ] as const
  const outcomes = await Promise.all([
    placer.append(views[0], one),
    others.placer.append(views[1], two),
  ])
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'ok'])
  const [loser, from] = outcomes[0].outcome === 'ok' ? [two, others.placer] : [one, placer]
  expect(loser.ref.pos).toBeUndefined()
  const again = await from.append(await from.before(room.dag.key, prev), loser)
  expect(again.outcome).toBe('ok')
  await Promise.all([it.log.log.catchUp(), other.log.catchUp()])
  expect(await topic()).toBe(two.ref.eventId)
  expect(await topic(others)).toBe(two.ref.eventId)
})

test('an append whose server process is killed halfway leaves nothing, and is done once', async () => {
  await using it = await setUp()
  const { room, placer, database, topic } = it
  await room.dag.add(placer, room.topic('main', [room.start], 1))
  const before = await counts(database)
  let added: Promise<unknown> = Promise.resolve()
  await database.db.transaction().execute(async (tx) => {
    // the lines are written by then, the current state is not
    await sql`LOCK TABLE room_state IN EXCLUSIVE MODE`.execute(tx)
    added = room.dag.add(placer, room.topic('side', [room.start], 2))
    const blocked = sql<{ pid: number }>`SELECT pid FROM pg_stat_activity
      WHERE query LIKE '%hs_append_placed%' AND wait_event = 'relation'
        AND datname = current_database()`
    let pid: number | undefined
    while (pid === undefined) pid = (await blocked.execute(database.db)).rows[0]?.pid
    await sql`SELECT pg_terminate_backend(${pid}, 5000)`.execute(database.db)
    expect(await counts(database)).toEqual(before)
  })
  expect(await added).toBeDefined()
  expect(await counts(database)).toMatchObject({ lines: 2, rows: 5 })
  expect(await topic()).toBe(room.topic('side', []).eventId)
})

test('a soft-failed event has a point, and the room goes on as if it were not there', async () => {
  await using it = await setUp()
  const { room, placer, topic, states, log } = it
  const context = await states.context(room.dag.key)
  const failed = room.topic('failed', [room.start])
  await room.dag.add(placer, failed, { flags: 2 })
  expect(await topic()).toBeUndefined()
  expect(await states.context(room.dag.key)).toMatchObject({
    stateVersion: context.stateVersion,
    point: context.point,
    extremities: context.extremities,
  })
  const stored = await log.reads.eventById(failed.eventId)
  const after = stored?.point && (await states.at(stored.point, 'm.room.topic', ''))
  expect(after?.eventId).toBe(failed.eventId)
  // the line of the current state can still be added to
  expect(await room.dag.add(placer, room.topic('next', [room.start]))).toBeGreaterThan(0)
})

test('backfilled events stand before all others, on the state that was received', async () => {
  await using it = await setUp()
  const { room, placer, states, database, topic } = it
  await room.dag.add(placer, room.topic('now', [room.start]))
  const now = await topic()
  const { state } = await placer.before(room.dag.key, room.dag.at([room.start]))
  const before = await placer.received(room.dag.key, [], new Map([...state].slice(0, 2)))
  const item = await room.dag.checked(room.topic('old', [], 9), { inLog: false })
  expect(await placer.append(before, item)).toEqual({ outcome: 'ok' })
  expect(item.ref.pos).toBe(-1)
  expect(await topic()).toBe(now)
  const [stored] = (await it.log.reads.eventsByPos([-1])).values()
  const full = stored?.point && (await states.fullAt(stored.point))
  expect(full?.map((event) => event.type).sort()).toEqual([
    'm.room.create',
    'm.room.member',
    'm.room.topic',
  ])
  expect(await counts(database)).toMatchObject({ ckpts: expect.any(Number) })
})

test('an outlier that proves live keeps its key and gets a place in the log', async () => {
  await using it = await setUp()
  const { room, placer, database, states, topic } = it
  await using other = await testLog(database.url)
  const seen: LogEntry[] = []
  other.log.subscribe((entries) => seen.push(...entries))
  const prev = room.dag.at([room.start])
  const event = room.topic('outlier', [room.start])
  const outlier = await room.dag.checked(event)
  await placer.appendOutlier(room.dag.key, prev, outlier)
  expect(outlier.ref.pos).toBe(-1)
  await expect(placer.before(room.dag.key, [-1])).rejects.toThrow(UnknownParent)
  expect(await topic()).toBeUndefined()
  const head = it.log.log.head
  const live = await room.dag.checked(event)
  await placer.append(await placer.before(room.dag.key, prev), live)
  expect(live.ref.pos).toBe(-1)
  expect(it.log.log.head).toBe(head + 1)
  expect(await topic()).toBe(event.eventId)
  const { extremities } = await states.context(room.dag.key)
  expect(extremities).toMatchObject([{ eventId: event.eventId, pos: -1 }])
  await other.log.catchUp()
  expect(seen).toMatchObject([{ kind: 'event', pos: head + 1, event: { pos: -1 } }])
})

test('purging leaves nothing of the state, and what comes later conflicts', async () => {
  await using it = await setUp()
  const { room, placer, database } = it
  await room.dag.add(placer, room.topic('main', [room.start], 1))
  await room.dag.add(placer, room.topic('side', [room.start], 2))
  const before = await placer.before(room.dag.key, room.dag.at([room.start]))
  await database.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('rooms').where('key', '=', room.dag.key).execute()
    await purgeState(tx, room.dag.key)
  })
  expect(await counts(database)).toEqual({ lines: 0, rows: 0, ckpts: 0, keys: 0 })
  const late = await room.dag.checked(room.topic('late', [room.start], 3))
  expect(await placer.append(before, late)).toEqual({ outcome: 'conflict' })
  expect(await counts(database)).toEqual({ lines: 0, rows: 0, ckpts: 0, keys: 0 })
})
