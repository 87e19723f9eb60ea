import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { StateMap } from '#matrix/events/pdu.ts'
import { EventFlag } from '#log/types.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { createRoomStates } from '../index.ts'
import { DagRoom } from '../test-support/dag-room.ts'
import {
  dagPlan,
  playDag,
  type DagPlan,
  type RandomDag,
  type Step,
} from '../test-support/random-dag.ts'
import type { RoomStates, StateEvent } from '../types.ts'
import { MAX_DEPTH } from './constants.ts'

const sorted = (ids: Iterable<string>) => Array.from(ids).sort()
const ids = (events: readonly StateEvent[]) => sorted(events.map((event) => event.eventId))
const idsOf = (state: StateMap) => sorted(state.values())

/** The current state is the end of its line, and no line is too deep. */
async function checkLines({ db }: TestDatabase): Promise<void> {
  const { rows } = await sql<{ ok: boolean }>`
    SELECT r.idx = coalesce((SELECT max(s.idx) FROM state_log s WHERE s.line = r.line), 0) AS ok
    FROM rooms r`.execute(db)
  expect(rows).toEqual([{ ok: true }])
  const depth = await sql<{ depth: number }>`
    WITH RECURSIVE up AS (SELECT parent_line, 0 AS n FROM state_lines UNION ALL
      SELECT l.parent_line, u.n + 1 FROM up u JOIN state_lines l ON l.line = u.parent_line)
    SELECT max(n) AS depth FROM up`.execute(db)
  expect(depth.rows[0]?.depth).toBeLessThanOrEqual(MAX_DEPTH)
}

async function checkMembers(room: DagRoom, step: Step | undefined): Promise<void> {
  const rows = await room.log.reads.members(room.key, ['join', 'invite', 'ban', 'knock', 'leave'])
  const users = await room.log.dictionary.usersByKey(rows.map((row) => row.user))
  for (const row of rows) {
    const userId = users.get(row.user)?.userId ?? ''
    const event = [...(step?.current ?? [])].find(([key]) => key === `m.room.member\0${userId}`)
    const pos = event && room.positions.get(event[1])
    const stored =
      pos === undefined ? undefined : (await room.log.reads.eventsByPos([pos])).get(pos)
    const membership = stored && /"membership":"(\w+)"/.exec(stored.json)?.[1]
    expect([userId, row.membership]).toEqual([userId, membership ?? 'leave'])
    const cached = (await room.log.reads.membershipsOf(row.user)).get(room.key)
    expect(cached?.membership).toBe(row.membership)
  }
}

async function checkCaches(states: RoomStates, room: DagRoom, step: Step): Promise<void> {
  expect(ids(await states.current(room.key))).toEqual(idsOf(step.current))
  const context = await states.context(room.key)
  expect(sorted(context.extremities.map((ref) => ref.eventId))).toEqual(sorted(step.extremities))
  expect(ids(await states.fullAt(context.point))).toEqual(idsOf(step.current))
  for (const [key, id] of [...step.current, ...step.after]) {
    const [type = '', stateKey = ''] = key.split('\0')
    const current = await context.state(type, stateKey)
    expect(current?.eventId).toBe(step.current.get(key))
    expect(id).toBeDefined()
  }
}

async function checkStep(states: RoomStates, room: DagRoom, step: Step): Promise<void> {
  const pos = room.positions.get(step.event.eventId) ?? 0
  const stored = (await room.log.reads.eventsByPos([pos])).get(pos)
  if (stored?.point === undefined) throw new Error('not stored')
  const before = states.pointBefore(stored)
  if (before === undefined) throw new Error('no point before')
  expect(ids(await states.fullAt(stored.point))).toEqual(idsOf(step.after))
  expect(ids(await states.fullAt(before))).toEqual(idsOf(step.before))
  for (const [key, id] of step.after) {
    const [type = '', stateKey = ''] = key.split('\0')
    expect((await states.at(stored.point, type, stateKey))?.eventId).toBe(id)
    expect((await states.at(before, type, stateKey))?.eventId).toBe(step.before.get(key))
  }
}

async function checkDeltas(states: RoomStates, room: DagRoom, dag: RandomDag): Promise<void> {
  for (const [n, to] of dag.steps.entries()) {
    const from = dag.steps[(n * 7) % dag.steps.length]
    if (from === undefined) continue
    const points = await Promise.all(
      [from, to].map((step) =>
        states.pointAtPos(room.key, room.positions.get(step.event.eventId) ?? 0),
      ),
    )
    const [start, end] = points
    if (start === undefined || end === undefined) throw new Error('no point')
    const changed = [...to.current].filter(([key, id]) => from.current.get(key) !== id)
    expect(ids(await states.delta(start, end))).toEqual(sorted(changed.map(([, id]) => id)))
  }
}

async function play(plan: DagPlan): Promise<void> {
  const dag = playDag(plan)
  await using database = await testDatabase()
  await using log = await testLog(database.url)
  await using other = await testLog(database.url)
  const states = createRoomStates(log)
  const others = createRoomStates(other)
  const room = await DagRoom.make(log, dag.version.id)
  for (const step of dag.steps) {
    const flags = step.event.rejected ? EventFlag.rejected : 0
    const failed = step.softFailed && !step.event.rejected ? EventFlag.softFailed : 0
    expect(await room.add(states.placer, step.event, { flags: flags | failed })).toBeDefined()
    await checkCaches(states, room, step)
    await other.log.catchUp()
    await checkCaches(others, room, step)
  }
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM events`.execute(
    database.db,
  )
  expect(rows).toEqual([{ n: dag.steps.length }])
  await checkLines(database)
  for (const step of dag.steps) await checkStep(states, room, step)
  await checkDeltas(states, room, dag)
  await checkMembers(room, dag.steps.at(-1))
}

const RUNS = { numRuns: 8, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false }

test.for(['10', '12'])(
  'state from lines is what a plain map says, at every event of random rooms of version %s',
  { timeout: 240_000 },
  async (versionId) => {
    await fc.assert(fc.asyncProperty(dagPlan(versionId), play), RUNS)
  },
)
