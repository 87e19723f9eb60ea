import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { next, makeRoom, testLog, testUser } from '#log/test-support/test-logs.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { createRoomStates } from './index.ts'
import { SmallRoom } from './test-support/small-room.ts'

test('the first event of a key on its line is told with its point, a later one is not', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const states = createRoomStates(worker)
  const alice = await testUser(worker, 'alice')
  const room = await makeRoom(worker, alice)
  const add = async (draft: Parameters<typeof next>[2]) => {
    const item = next(room, alice, draft)
    await worker.log.append([item])
    return item.ref.pos ?? 0
  }
  const renamed = await add({ type: 'm.room.name', stateKey: '', content: {} })
  const message = await add({})
  const topic = await add({ type: 'm.room.topic', stateKey: '', content: {} })
  const { line } = (await states.context(room.key)).point

  const firsts = await states.firstOfKey([1, 2, 3, renamed, message, topic])
  expect(firsts).toEqual(
    new Map([
      [1, { line, idx: 1 }],
      [2, { line, idx: 2 }],
      [3, { line, idx: 3 }],
      [topic, { line, idx: 5 }],
    ]),
  )
  // what is remembered is the same as what was read
  expect(await states.firstOfKey([renamed, topic])).toEqual(new Map([[topic, firsts.get(topic)]]))
  expect(await states.firstOfKey([])).toEqual(new Map())
})

test('an event whose key was taken away before is not the first', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const states = createRoomStates(worker)
  const alice = await testUser(worker, 'alice')
  const room = await makeRoom(worker, alice)
  const again = next(room, alice, { type: 'm.room.name', stateKey: '', content: {} })
  await worker.log.append([again])
  // as a merge leaves it that took the name away in between
  await sql`UPDATE state_log SET prev_ev = NULL WHERE ev = ${again.ref.pos ?? 0}`.execute(
    database.db,
  )
  expect(await states.firstOfKey([again.ref.pos ?? 0])).toEqual(new Map())
})

test('on a line that forks off, what it came from counts, and the other branch does not', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const states = createRoomStates(worker)
  const room = await SmallRoom.make(worker, states.placer)
  const add = async (event: RoomEvent) => {
    const pos = await room.dag.add(states.placer, event)
    const stored = (await worker.reads.eventsById([event.eventId])).get(event.eventId)
    if (pos === undefined || stored?.point === undefined) throw new Error('not stored')
    return { pos, id: event.eventId, point: stored.point }
  }
  const name = (id: string, parent: RoomEvent['eventId']) =>
    room.event(id, [parent], { type: 'm.room.name', stateKey: '' })

  const early = await add(name('early', room.start))
  const main = await add(room.topic('main', [early.id]))
  const branch = await add(room.topic('branch', [early.id]))
  const branchName = await add(name('late', branch.id))
  expect(branch.point.line).not.toBe(main.point.line)
  expect(branchName.point.line).toBe(branch.point.line)
  expect(await states.firstOfKey([early.pos, main.pos, branch.pos, branchName.pos])).toEqual(
    new Map([
      [early.pos, early.point],
      [main.pos, main.point],
      [branch.pos, branch.point],
    ]),
  )
})
