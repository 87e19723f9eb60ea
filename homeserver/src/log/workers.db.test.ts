import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { createRoomStates } from '#room-state/index.ts'
import type { OpenLog } from './index.ts'
import {
  eventItem,
  makeRoom,
  memberDraft,
  newRef,
  next,
  testLog,
  testUser,
} from './test-support/test-logs.ts'
import type { LogEntry, RoomKey, UserInfo } from './types.ts'

/** Sends as a worker does: on what it knows of the room, again after a conflict. */
async function send(
  worker: OpenLog & { states: ReturnType<typeof createRoomStates> },
  room: RoomKey,
  sender: UserInfo,
  draft: Partial<Parameters<typeof eventItem>[2]>,
): Promise<string> {
  for (;;) {
    const { extremities, depth, stateVersion } = await worker.states.context(room)
    const ref = newRef(depth + 1)
    const item = eventItem(room, sender, { ref, prev: extremities, stateVersion, ...draft })
    const { outcome } = await worker.log.append([item])
    if (outcome === 'ok') return ref.eventId
    await worker.log.catchUp()
  }
}

describe('two workers over one database', () => {
  test('both append to one room and each sees everything in order and once', async () => {
    await using database = await testDatabase()
    await using first = await testLog(database.url)
    await using second = await testLog(database.url)
    const one = { ...first, states: createRoomStates(first) }
    const two = { ...second, states: createRoomStates(second) }
    const seen: [LogEntry[], LogEntry[]] = [[], []]
    one.log.subscribe((entries) => seen[0].push(...entries))
    two.log.subscribe((entries) => seen[1].push(...entries))
    const alice = await testUser(one, 'alice')
    const room = await makeRoom(one, alice)
    const sends = Array.from({ length: 40 }, async (_, n) => {
      const draft = n % 5 === 0 ? memberDraft(alice, 'join') : {}
      return await send(n % 2 === 0 ? one : two, room.key, alice, draft)
    })
    const sent = await Promise.all(sends)
    await Promise.all([one.log.catchUp(), two.log.catchUp()])

    const [own, other] = seen.map((entries) => entries.map((entry) => entry.pos))
    expect(own).toEqual(Array.from({ length: 43 }, (_, n) => n + 1))
    expect(other).toEqual(own)
    const delivered = seen[1].flatMap((e) => (e.kind === 'event' ? [e.event.eventId] : []))
    expect([...delivered].sort()).toEqual([...new Set(delivered)].sort())
    expect(sent.filter((id) => !delivered.some((other) => other === id))).toEqual([])

    const standing = async (worker: typeof one) => {
      const { extremities, stateVersion, point } = await worker.states.context(room.key)
      return { stateVersion, point, tips: new Set(extremities.map((ref) => ref.pos)) }
    }
    expect(await standing(one)).toEqual(await standing(two))
    const fresh = { ...first, states: createRoomStates(first) }
    expect(await standing(fresh)).toEqual(await standing(one))
    const { rows } = await sql`SELECT state_version FROM rooms`.execute(database.db)
    expect(rows).toEqual([{ state_version: 3 + 8 }])
  })

  test('a long poll on one worker is woken by an event of the other', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    await using two = await testLog(database.url)
    const alice = await testUser(one, 'alice')
    const room = await makeRoom(one, alice)
    await two.log.catchUp()
    using waiter = two.wakeups.register([`r${room.key}`])
    expect(waiter.isWoken).toBe(false)
    await one.log.append([next(room, alice)])
    await waiter.woken
    expect(two.log.head).toBe(one.log.head)
  })

  test('a worker that starts late has nothing to catch up with, and reads what was', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    const alice = await testUser(one, 'alice')
    const room = await makeRoom(one, alice)
    const items = Array.from({ length: 130 }, () => next(room, alice))
    await Promise.all(items.map((item) => one.log.append([item])))
    await using two = await testLog(database.url)
    expect(two.log.head).toBe(one.log.head)
    const range = { after: 0, upTo: two.log.head, limit: 20 }
    const [warm, cold] = await Promise.all([
      one.reads.roomTail(room.key, range),
      two.reads.roomTail(room.key, range),
    ])
    expect(cold).toEqual(warm)
    expect(cold.limited).toBe(true)
    expect(await two.reads.roomTail(room.key, range)).toEqual(warm)
    const all = await two.reads.roomTail(room.key, { ...range, limit: 200 })
    expect(all.events.map((entry) => entry.pos)).toEqual(
      Array.from({ length: 133 }, (_, n) => n + 1),
    )
    const page = await two.reads.page(room.key, { from: undefined, dir: 'b', limit: 500 })
    expect(page.map((event) => event.pos)).toEqual(all.events.map((entry) => entry.pos).reverse())
  })

  test('a worker cut off for long reads on in windows and misses nothing', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    await using two = await testLog(database.url)
    const alice = await testUser(one, 'alice')
    const room = await makeRoom(one, alice)
    await two.log.catchUp()
    const seen: number[] = []
    two.log.subscribe((entries) => seen.push(...entries.map((entry) => entry.pos)))
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'hearth tail' AND datname = current_database()`.execute(database.db)
    const items = Array.from({ length: 1_200 }, () => next(room, alice))
    await Promise.all(items.map((item) => one.log.append([item])))
    await two.log.catchUp()
    expect(seen).toEqual(items.map((item) => item.ref.pos))
  })
})

describe('a token', () => {
  test('of another worker that is ahead is waited for; one from the future is not ours', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    await using two = await testLog(database.url)
    await makeRoom(one, await testUser(one, 'alice'))
    const options = { pos: one.log.head, inbox: undefined, ephemeral: undefined }
    const resolved = await two.tokens.resolve(one.tokens.encode(options))
    expect(resolved).toMatchObject({ tag: 1, pos: 3 })
    expect(two.log.head).toBe(3)
    expect(await two.tokens.resolve('s1_4')).toBeUndefined()
    expect(await two.tokens.resolve('s2_1')).toBeUndefined()
    expect(await two.tokens.resolve('s1_1.1')).toBeUndefined()
  })

  test('from before a failover is good up to where the histories part', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    let resets = 0
    worker.log.onReset(() => resets++)
    // what a promoted standby without the last event would say of itself
    await sql`UPDATE stream SET timeline = 'ABCDEF01', last_pos = 2`.execute(database.db)
    await sql`DELETE FROM events WHERE pos = 3`.execute(database.db)
    await sql`UPDATE rooms SET extremities = '{2}', last_pos = 2`.execute(database.db)
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'hearth append' AND datname = current_database()`.execute(
      database.db,
    )
    // made from what was known of the lost history
    await expect(worker.log.append([next({ ...room }, alice)])).rejects.toMatchObject({
      status: 503,
    })
    await worker.log.catchUp()
    expect(resets).toBeGreaterThan(0)
    expect(worker.log.head).toBe(2)
    await worker.log.append([next(room, alice)])
    expect(worker.log.head).toBe(3)
    const token = worker.tokens.encode({ pos: 3, inbox: undefined, ephemeral: undefined })
    expect(token).not.toBe('s1_3')
    expect(await worker.tokens.resolve('s1_2')).toMatchObject({ pos: 2 })
    expect(await worker.tokens.resolve('s1_3')).toBeUndefined()
    expect(await worker.tokens.resolve(token)).toMatchObject({ pos: 3 })
  })
})
