import { expect, test } from 'vitest'
import { Epochs } from './epochs.ts'

async function epochs(...starts: readonly [tag: number, start: number][]): Promise<Epochs> {
  const rows = starts.map(([tag, start_pos]) => ({ tag, start_pos }))
  // the reader stands for the table; how it is read is the integration test's business
  const loaded = new Epochs({ query: async <Row extends object>() => rows as unknown as Row[] })
  await loaded.load()
  return loaded
}

test('a position of an old epoch is good up to where the next one began', async () => {
  const history = await epochs([1, 0], [2, 100], [3, 50])
  expect(history.tag).toBe(3)
  expect(history.isShared(1, 50)).toBe(true)
  expect(history.isShared(1, 51)).toBe(false)
  expect(history.isShared(2, 51)).toBe(false)
  expect(history.isShared(3, 1_000)).toBe(true)
})

test('a tag that never was is not shared', async () => {
  expect((await epochs([1, 0])).isShared(2, 0)).toBe(false)
})
