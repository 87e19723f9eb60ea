import { expect, test } from 'vitest'
import { KeyedTurns } from './keyed-turns.ts'

test('work under one key is done in turn, under another at once', async () => {
  const turns = new KeyedTurns<string>()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = turns.run('a', async () => {
    await gate.promise
    done.push('a1')
  })
  const second = turns.run('a', () => Promise.resolve(done.push('a2')))
  await turns.run('b', () => Promise.resolve(done.push('b1')))
  expect(done).toEqual(['b1'])
  gate.resolve()
  await Promise.all([first, second])
  expect(done).toEqual(['b1', 'a1', 'a2'])
})

test('a failure is told to its caller and stops nobody else', async () => {
  const turns = new KeyedTurns<number>()
  const failing = turns.run(1, () => Promise.reject(new Error('no')))
  const next = turns.run(1, () => Promise.resolve('done'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
})
