import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '../keys.ts'
import { eventItem, newRef } from '../test-support/test-logs.ts'
import { EventFlag, type EventEntry } from '../types.ts'
import { parseUserId } from '#matrix/ids.ts'
import { WarmRooms } from './warm-rooms.ts'

const alice = { key: asUserKey(1), userId: parseUserId('@alice:a.example'), local: true }

function entry(room: number, pos: number): EventEntry {
  const item = eventItem(asRoomKey(room), alice, { ref: { ...newRef(1), pos }, padding: 400 })
  const event = {
    ...item,
    ...item.ref,
    pos,
    point: { line: 1, idx: 1 },
    notifySeq: 0,
    thread: undefined,
    redactedBy: undefined,
  }
  const nothing = { membership: undefined, redacts: undefined, replaces: undefined, txn: undefined }
  return { kind: 'event', pos, event, client: '{}', highlights: [], ...nothing }
}

/** Room for about `events` events. */
function warmRooms(events: number): WarmRooms {
  const dictionary = { cachedRoom: () => undefined }
  return new WarmRooms({ dictionary, maxBytes: events * 1_600 })
}

const positions = (events: readonly EventEntry[] | undefined) => events?.map(({ pos }) => pos)

test('knows the newest events that were read, and those that came since', () => {
  const warm = warmRooms(100)
  const room = asRoomKey(1)
  expect(warm.newest(room, 9, 2)).toBeUndefined()
  const { redactions } = warm
  warm.fill(room, { floor: 2, upTo: 9, events: [entry(1, 3), entry(1, 8)], redactions })
  expect(positions(warm.newest(room, 9, 2))).toEqual([3, 8])
  expect(warm.newest(room, 9, 3)).toBeUndefined()
  warm.apply([entry(1, 12)])
  expect(positions(warm.newest(room, 12, 2))).toEqual([8, 12])
  expect(positions(warm.newest(room, 9, 2))).toEqual([3, 8])
})

test('of a room known from its beginning, fewer events than asked for are all there are', () => {
  const warm = warmRooms(100)
  const { redactions } = warm
  warm.fill(asRoomKey(1), { floor: 0, upTo: 9, events: [entry(1, 3)], redactions })
  expect(positions(warm.newest(asRoomKey(1), 9, 20))).toEqual([3])
})

test('what was read does not cover up what came since and was dropped', () => {
  const warm = warmRooms(2)
  const { redactions } = warm
  warm.apply([entry(1, 12)])
  for (const room of [2, 3, 4]) warm.apply([entry(room, 12 + room)])
  expect(warm.newest(asRoomKey(1), 20, 1)).toBeUndefined()
  warm.fill(asRoomKey(1), { floor: 2, upTo: 9, events: [entry(1, 8)], redactions })
  expect(warm.newest(asRoomKey(1), 20, 1)).toBeUndefined()
})

test('an event to which another relates is marked, whether it is in memory or being read', () => {
  const warm = warmRooms(100)
  const room = asRoomKey(1)
  const [inMemory, read] = [entry(1, 12), entry(1, 3)]
  const isMarked = (pos: number) =>
    ((warm.event(room, pos)?.event.flags ?? 0) & EventFlag.related) !== 0
  const { redactions } = warm
  warm.apply([inMemory])
  warm.apply([{ ...entry(1, 13), relatesTo: inMemory.event.eventId }])
  warm.apply([{ ...entry(1, 14), relatesTo: read.event.eventId }])
  warm.fill(room, { floor: 2, upTo: 11, events: [read, entry(1, 8)], redactions })
  expect([3, 8, 12, 13].map(isMarked)).toEqual([true, false, true, false])
  // what others hold of the event stays as it was
  expect(inMemory.event.flags & EventFlag.related).toBe(0)
})
