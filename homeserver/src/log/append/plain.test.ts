import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '../keys.ts'
import { eventItem, newRef } from '../test-support/test-logs.ts'
import { EventFlag, type AppendItem, type EventItem, type UserInfo } from '../types.ts'
import { parseUserId } from '#matrix/ids.ts'
import { plainBatch } from './plain.ts'
import type { Pending } from './pending.ts'

const alice: UserInfo = { key: asUserKey(1), userId: parseUserId('@alice:a.example'), local: true }
const committed = { ...newRef(1), pos: 5 }

function message(draft: Partial<EventItem> = {}): EventItem {
  return eventItem(asRoomKey(1), alice, { prev: [committed], stateVersion: 3, ...draft })
}

function pending(...group: AppendItem[]): Pending {
  return {
    group,
    room: undefined,
    keys: [],
    bytes: 0,
    deadline: 0,
    resolve: () => undefined,
    reject: () => undefined,
  }
}

test('messages on stored parents, and on one another, are a plain batch', () => {
  const first = message({ thread: committed, auth: [committed] })
  const second = message({ prev: [first.ref] })
  expect(plainBatch([pending(first)])?.items).toEqual([first])
  expect(plainBatch([pending(first), pending(second)])?.items).toEqual([first, second])
})

test('anything that a message usually is not goes the general way', () => {
  const first = message()
  expect(plainBatch([pending(first, message())])).toBeUndefined()
  const other: AppendItem = { kind: 'invalidation', what: 'user', key: 'x' }
  expect(plainBatch([pending(first), pending(other)])).toBeUndefined()
  const unusual: Partial<EventItem>[] = [
    { stateKey: '' },
    { redacts: committed },
    { stateVersion: undefined },
    { highlights: [alice.key] },
    { flags: EventFlag.rejected },
    { flags: EventFlag.softFailed },
    { flags: EventFlag.outlier },
    { prev: [newRef(1)] },
    { prev: [first.ref, committed] },
    { auth: [first.ref] },
    { thread: first.ref },
  ]
  for (const draft of unusual) {
    expect(plainBatch([pending(first), pending(message(draft))])).toBeUndefined()
  }
})
