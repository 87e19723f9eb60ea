import { expect, test } from 'vitest'
import { parseEventId, parseServerName, parseUserId } from '#matrix/ids.ts'
import { WarmRooms } from '../caches/warm-rooms.ts'
import { DatabaseDictionary } from '../dictionary/dictionary.ts'
import { asRoomKey, asUserKey } from '../keys.ts'
import type { EventEntry } from '../types.ts'
import { createRoomTails } from './room-tails.ts'

const ROOM = asRoomKey(1)
const reader = { query: () => Promise.reject(new Error('nothing is to be looked up')) }
const dictionary = new DatabaseDictionary({ reader, serverName: parseServerName('a.example') })

function message(pos: number): EventEntry {
  return {
    kind: 'event',
    pos,
    event: {
      pos,
      room: ROOM,
      eventId: parseEventId(`$${pos}:a.example`),
      type: 'm.room.message',
      stateKey: undefined,
      sender: asUserKey(1),
      senderId: parseUserId('@alice:a.example'),
      depth: pos,
      ts: 1,
      flags: 0,
      point: { line: 1, idx: 1 },
      notifySeq: 0,
      thread: undefined,
      redactedBy: undefined,
      json: '{}',
      contentAt: 0,
      contentEnd: 2,
    },
    client: '{}',
    membership: undefined,
    redacts: undefined,
    replaces: undefined,
    highlights: [],
    txn: undefined,
  }
}

test('what is being read when another history begins does not stay in memory', async () => {
  const warm = new WarmRooms({ dictionary, maxBytes: 1_000_000 })
  const stored = [message(8), message(7)]
  let whileReading = () => {}
  const tails = createRoomTails({
    warm,
    entries() {
      whileReading()
      return Promise.resolve(stored)
    },
  })
  // the log is set back to 7, and 8 has been given to another event already
  whileReading = () => warm.clear()
  await tails.roomTail(ROOM, { after: 5, upTo: 9, limit: 10 })
  whileReading = () => {}
  warm.apply([message(8)])
  const { events } = await tails.roomTail(ROOM, { after: 5, upTo: 8, limit: 10 })
  expect(events.map(({ pos }) => pos)).toEqual([7, 8])
})
