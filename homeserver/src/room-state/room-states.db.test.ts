import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { StoredEvent } from '#log/types.ts'
import {
  makeRoom,
  memberDraft,
  next,
  roomGroup,
  testLog,
  testUser,
} from '#log/test-support/test-logs.ts'
import { CHECKPOINT_INTERVAL } from './checkpoints.ts'
import { createRoomStates } from './index.ts'
import type { StateEvent } from './types.ts'

const ascending = (positions: Iterable<number>) => Array.from(positions).sort((a, b) => a - b)
const ids = (events: readonly StoredEvent[]) => ascending(events.map((event) => event.pos))

describe('room state', () => {
  test('the context follows the log: own appends and those of another worker', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    await using two = await testLog(database.url)
    const states = [createRoomStates(one), createRoomStates(two)] as const
    const alice = await testUser(one, 'alice')
    const room = await makeRoom(one, alice)
    await two.log.catchUp()
    for (const worker of states) {
      const context = await worker.context(room.key)
      expect(context).toMatchObject({ stateVersion: 3, depth: 3, point: { idx: 3 } })
      expect(context.extremities).toMatchObject([{ eventId: room.last.eventId, pos: 3 }])
    }
    await one.log.append([next(room, alice)])
    await one.log.append([
      next(room, alice, { type: 'm.room.name', stateKey: '', content: { name: 'New' } }),
    ])
    await two.log.catchUp()
    for (const worker of states) {
      const context = await worker.context(room.key)
      expect(context).toMatchObject({ stateVersion: 4, depth: 5, point: { idx: 4 } })
      expect(context.extremities).toMatchObject([room.last])
      const name = await context.state('m.room.name', '')
      expect(name?.eventId).toBe(room.last.eventId)
    }
  })

  test('an unknown room has no context', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const key = await worker.dictionary.reserveRoom()
    await expect(states.context(key)).rejects.toMatchObject({ status: 404 })
  })

  test('a key that had no event is answered anew once it has one', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    expect(await states.currentOf(room.key, 'm.room.topic', '')).toBeUndefined()
    const topic = next(room, alice, { type: 'm.room.topic', stateKey: '', content: {} })
    await worker.log.append([topic])
    const event = await states.currentOf(room.key, 'm.room.topic', '')
    expect(event?.eventId).toBe(topic.ref.eventId)
  })

  test('state at every event is what a plain map of all changes says, across checkpoints', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const alice = await testUser(worker, 'alice')
    const { group, room } = roomGroup(await worker.dictionary.reserveRoom(), alice)
    const drafts = Array.from({ length: CHECKPOINT_INTERVAL + 100 }, (_, n) =>
      next(room, alice, {
        type: n % 3 === 0 ? 'm.room.name' : 'org.example.state',
        stateKey: n % 3 === 0 ? '' : `k${(n * n) % 41}`,
        content: { n },
      }),
    )
    const items = [...group.filter((item) => item.kind === 'event'), ...drafts]
    await worker.log.append(group)
    await Promise.all(drafts.map((item) => worker.log.append([item])))
    await states.idle()
    const { rows } = await sql<{ idx: number }>`SELECT idx FROM state_ckpt`.execute(database.db)
    expect(rows).toEqual([{ idx: CHECKPOINT_INTERVAL }])

    const oracle = new Map<string, number>()
    const stored = await worker.reads.eventsById(items.map((item) => item.ref.eventId))
    const checked = new Set([1, 2, 3, 100, 511, 512, 513, 600])
    const snapshots: { event: StoredEvent; state: number[] }[] = []
    for (const [n, item] of items.entries()) {
      const event = stored.get(item.ref.eventId)
      if (event?.point === undefined) throw new Error('not stored')
      const before = states.pointBefore(event)
      expect(before).toEqual({ ...event.point, idx: event.point.idx - 1 })
      const key = stateKeyString(item.type, item.stateKey ?? '')
      if (checked.has(n)) {
        const old = before && (await states.at(before, item.type, item.stateKey ?? ''))
        expect(old?.pos).toBe(oracle.get(key))
      }
      oracle.set(key, event.pos)
      if (!checked.has(n)) continue
      snapshots.push({ event, state: ascending(oracle.values()) })
      expect(ids(await states.fullAt(event.point))).toEqual(snapshots.at(-1)?.state)
    }
    expect(ids(await states.current(room.key))).toEqual(ascending(oracle.values()))

    for (const from of snapshots) {
      for (const to of snapshots) {
        if (from.event.point === undefined || to.event.point === undefined) continue
        const delta = ids(await states.delta(from.event.point, to.event.point))
        expect(delta).toEqual(to.state.filter((pos) => !from.state.includes(pos)))
      }
    }
  })

  test('a line that forks off sees its own changes first, then its parent as it was', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    const [first] = (await states.current(room.key)).filter((e) => e.type === 'm.room.name')
    const renamed = next(room, alice, { type: 'm.room.name', stateKey: '', content: {} })
    await worker.log.append([renamed])
    const { line } = (await states.context(room.key)).point
    const key = sql`SELECT key FROM room_state WHERE ev = ${renamed.ref.pos ?? 0}`
    await sql`INSERT INTO state_lines (line, room, parent_line, parent_idx)
      VALUES (900, ${room.key}, ${line}, 3), (901, ${room.key}, 900, 1)`.execute(database.db)
    await sql`INSERT INTO state_log (line, idx, key, ev, prev_ev)
      VALUES (900, 1, (${key}), NULL, ${first?.pos ?? 0})`.execute(database.db)

    const name = async (at: number, idx: number): Promise<StateEvent | undefined> =>
      await states.at({ line: at, idx }, 'm.room.name', '')
    expect((await name(line, 4))?.pos).toBe(renamed.ref.pos)
    expect((await name(900, 0))?.pos).toBe(first?.pos)
    expect(await name(900, 1)).toBeUndefined()
    expect(await name(901, 0)).toBeUndefined()
    expect(ids(await states.fullAt({ line: 901, idx: 0 }))).toEqual([1, 2])
    expect(ids(await states.delta({ line: 901, idx: 0 }, { line, idx: 4 }))).toEqual([
      renamed.ref.pos,
    ])
  })

  test('state of many rooms comes by type, by key and without some types', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const alice = await testUser(worker, 'alice')
    const bob = await testUser(worker, 'bob')
    const rooms = [await makeRoom(worker, alice), await makeRoom(worker, alice)]
    const [one, two] = rooms.map((room) => room.key)
    if (rooms[0] === undefined || one === undefined || two === undefined) throw new Error('rooms')
    await worker.log.append([next(rooms[0], bob, memberDraft(bob, 'join'))])
    const count = async (...query: Parameters<typeof states.currentOfMany>) => {
      const found = await states.currentOfMany(...query)
      return [found.get(one)?.length, found.get(two)?.length]
    }
    expect(await count([one, two])).toEqual([4, 3])
    expect(await count([one, two], [{ type: 'm.room.member' }])).toEqual([2, 1])
    expect(await count([one, two], [{ type: 'm.room.member', stateKey: bob.userId }])).toEqual([
      1, 0,
    ])
    const notTypes = ['m.room.member']
    expect(await count([one, two], undefined, { notTypes })).toEqual([2, 2])
    expect(await count([one], [{ type: 'm.room.member' }], { notTypes })).toEqual([0, undefined])
  })

  test('a redacted state event parses to its pruned form', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    const before = await states.currentOf(room.key, 'm.room.name', '')
    expect(before?.redactedBy).toBeUndefined()
    const redaction = next(room, alice, {
      type: 'm.room.redaction',
      redacts: { eventId: before!.eventId, depth: 3, pos: before!.pos },
    })
    await worker.log.append([redaction])
    const after = await states.currentOf(room.key, 'm.room.name', '')
    expect(after?.redactedBy).toBe(redaction.ref.pos)
  })

  test('state that was read before its redaction came through is not kept', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const { decoder } = worker.internals
    let afterRead = async (): Promise<void> => {}
    const slowDecoder: typeof decoder = Object.create(decoder, {
      events: {
        async value(...rows: Parameters<typeof decoder.events>) {
          const events = await decoder.events(...rows)
          await afterRead()
          return events
        },
      },
    })
    const states = createRoomStates({
      ...worker,
      internals: { ...worker.internals, decoder: slowDecoder },
    })
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    const { eventId, depth, pos } = room.last
    const redaction = next(room, alice, {
      type: 'm.room.redaction',
      redacts: { eventId, depth, pos },
    })
    afterRead = async () => void (await worker.log.append([redaction]))
    await states.current(room.key)
    const name = await states.currentOf(room.key, 'm.room.name', '')
    expect(name?.redactedBy).toBe(redaction.ref.pos)
  })

  test('a state key with NUL, which nobody can store, has no event', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const states = createRoomStates(worker)
    const room = await makeRoom(worker, await testUser(worker, 'alice'))
    expect(await states.currentOf(room.key, 'm.room.third_party_invite', 'a\0b')).toBeUndefined()
  })
})
