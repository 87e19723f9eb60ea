import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '../keys.ts'
import { eventItem, newRef } from '../test-support/test-logs.ts'
import { EventFlag, type AppendItem, type EventItem, type UserInfo } from '../types.ts'
import { parseUserId } from '#matrix/ids.ts'
import { plainMessage } from './append-message.ts'
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

test('a message alone goes the short way', () => {
  const item = message({ thread: committed, auth: [committed] })
  expect(plainMessage([pending(item)])?.item).toBe(item)
})

test('company, or anything that a message usually is not, goes the general way', () => {
  expect(plainMessage([pending(message()), pending(message())])).toBeUndefined()
  expect(plainMessage([pending(message(), message())])).toBeUndefined()
  const unusual: Partial<EventItem>[] = [
    { stateKey: '' },
    { redacts: committed },
    { stateVersion: undefined },
    { highlights: [alice.key] },
    { flags: EventFlag.rejected },
    { flags: EventFlag.softFailed },
    { flags: EventFlag.outlier },
    { prev: [newRef(1)] },
    { auth: [newRef(1)] },
    { thread: newRef(1) },
  ]
  for (const draft of unusual) expect(plainMessage([pending(message(draft))])).toBeUndefined()
})
