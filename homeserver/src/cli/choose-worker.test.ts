import { expect, test } from 'vitest'
import { chooseWorker, type Candidate } from './choose-worker.ts'

const worker = (load: number, changes: Partial<Candidate> = {}): Candidate => ({
  isServing: true,
  load,
  silence: 0,
  ...changes,
})

test('the worker with the fewest connections is next', () => {
  const workers = [worker(3), worker(1), worker(2)]
  expect(chooseWorker(workers)).toBe(workers[1])
})

test('who has not taken a connection for a while is passed over, unless all have not', () => {
  const workers = [worker(0, { silence: 300 }), worker(9)]
  expect(chooseWorker(workers)).toBe(workers[1])
  const silent = [worker(4, { silence: 300 }), worker(2, { silence: 900 })]
  expect(chooseWorker(silent)).toBe(silent[1])
})

test('who starts or drains gets nothing', () => {
  const workers = [worker(0, { isServing: false }), worker(9, { silence: 300 })]
  expect(chooseWorker(workers)).toBe(workers[1])
  expect(chooseWorker(workers.slice(0, 1))).toBeUndefined()
})
