import { expect, test, vi } from 'vitest'
import { ViewModel } from './view-model.ts'

class Counter extends ViewModel<{ readonly count: number }> {
  readonly released = vi.fn()

  constructor() {
    super({ count: 0 })
    this.disposables.add(this.released)
  }

  set(count: number): void {
    this.merge({ count })
  }
}

test('listeners hear of changes, and only of changes', () => {
  const model = new Counter()
  const heard = vi.fn()
  const stop = model.subscribe(heard)
  model.set(1)
  model.set(1)
  expect(heard).toHaveBeenCalledTimes(1)
  stop()
  model.set(2)
  expect(heard).toHaveBeenCalledTimes(1)
})

test('a disposed view model ignores late answers and releases what it held once', () => {
  const model = new Counter()
  model.dispose()
  model.dispose()
  model.set(5)
  expect(model.state.count).toBe(0)
  expect(model.released).toHaveBeenCalledTimes(1)
})
