import { expect, test } from 'vitest'
import { LongPolls } from './wakeups.ts'

test('a waiter is woken under any of its keys, and only by those', async () => {
  const polls = new LongPolls()
  using waiter = polls.register(['r1', 'u2'])
  polls.wake(['r2', 'u1', 'd2'])
  expect(waiter.isWoken).toBe(false)
  polls.wake(['u2'])
  expect(waiter.isWoken).toBe(true)
  await waiter.woken
})

test('a wake between registering and sleeping is not lost', async () => {
  const polls = new LongPolls()
  using waiter = polls.register(['r1'])
  polls.wake(['r1'])
  await waiter.woken
  expect(waiter.isWoken).toBe(true)
})

test('who has left is not woken, others under the same key are', () => {
  const polls = new LongPolls()
  const gone = polls.register(['r1'])
  using stays = polls.register(['r1'])
  gone[Symbol.dispose]()
  polls.wake(['r1'])
  expect(gone.isWoken).toBe(false)
  expect(stays.isWoken).toBe(true)
})

test('of very many waiters none is forgotten, and some go ahead of the rest', async () => {
  const polls = new LongPolls()
  const waiters = Array.from({ length: 100 }, () => polls.register(['r1']))
  polls.wake(['r1'])
  const ahead = waiters.filter(({ isWoken }) => isWoken)
  expect(ahead.length).toBeGreaterThan(0)
  expect(ahead.length).toBeLessThan(100)
  await Promise.all(waiters.map(({ woken }) => woken))
  expect(waiters.every(({ isWoken }) => isWoken)).toBe(true)
})
