import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { makeRoom, next, testLog, testUser } from './test-support/test-logs.ts'
import type { LogEntry } from './types.ts'

describe('the log', () => {
  test('an appended event is applied when the append resolves', async () => {
    await using database = await testDatabase()
    await using worker = await testLog(database.url)
    const alice = await testUser(worker, 'alice')
    const room = await makeRoom(worker, alice)
    const seen: LogEntry[] = []
    worker.log.subscribe((entries) => seen.push(...entries))
    const item = next(room, alice)
    expect(await worker.log.append([item])).toEqual({ outcome: 'ok' })
    expect(worker.log.head).toBe(4)
    expect(seen).toMatchObject([{ kind: 'event', pos: 4, event: { eventId: item.ref.eventId } }])
    const stored = await worker.reads.eventById(item.ref.eventId)
    expect(stored).toEqual(seen[0]?.kind === 'event' && seen[0].event)
  })

  test('another worker sees the same entries as the one that wrote them', async () => {
    await using database = await testDatabase()
    await using one = await testLog(database.url)
    await using two = await testLog(database.url)
    const own: LogEntry[] = []
    const read: LogEntry[] = []
    one.log.subscribe((entries) => own.push(...entries))
    two.log.subscribe((entries) => read.push(...entries))
    const alice = await testUser(one, 'alice')
    const bob = await testUser(one, 'bob')
    const room = await makeRoom(one, alice)
    const message = next(room, alice, { flags: 32, highlights: [bob.key, alice.key] })
    await one.log.append([message])
    // a reading after the redaction would find the message pruned already
    await two.log.catchUp()
    await one.log.append([
      next(room, alice, {
        type: 'm.room.redaction',
        redacts: message.ref,
        content: { redacts: message.ref.eventId },
      }),
    ])
    await one.log.append([
      {
        kind: 'receipt',
        room: room.key,
        user: bob.key,
        type: 'm.read',
        threadId: undefined,
        event: message.ref,
        ts: 5,
      },
    ])
    await one.log.append([
      {
        kind: 'account_data',
        user: bob.key,
        room: undefined,
        type: 'm.direct',
        content: '{"a":1}',
      },
      { kind: 'invalidation', what: 'device', key: '7' },
    ])
    await two.log.catchUp()
    expect(own).toHaveLength(8)
    expect(read).toEqual(own)
  })
})
