import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PriorityQueue } from './priority-queue.ts'

it('gives items back in order, however pushes and pops alternate', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20))), (steps) => {
      const queue = new PriorityQueue<number>((a, b) => a < b)
      let expected: number[] = []
      for (const step of steps) {
        if (step === null) {
          expect(queue.pop()).toBe(expected[0])
          expected = expected.slice(1)
        } else {
          queue.push(step)
          expected = [...expected, step].toSorted((a, b) => a - b)
        }
      }
      for (const item of expected) expect(queue.pop()).toBe(item)
      expect(queue.pop()).toBeUndefined()
    }),
  )
})
