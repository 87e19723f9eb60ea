import { expect, test } from 'vitest'
import { connectionsOf, poolSize } from './pool-size.ts'

test('each worker needs the connections of its pool and those of its log', () => {
  const database = { url: 'postgres://somewhere', pool_size: 5 }
  expect(connectionsOf({ database, workers: 1 })).toBe(12)
  expect(connectionsOf({ database, workers: 4 })).toBe(48)
})

test('without a number the workers share what one would have, but none has less than two', () => {
  const alone = poolSize({ database: undefined, workers: 1 })
  expect(poolSize({ database: undefined, workers: 1000 })).toBe(2)
  expect(connectionsOf({ database: undefined, workers: 1 })).toBe(alone + 7)
})
