import { expect, test } from 'vitest'
import { cheapPasswordHasher, strictPasswordHasher } from './password-hasher.ts'

test('a password opens its own hash only, and each hash is salted', async () => {
  const [one, two] = await Promise.all([
    strictPasswordHasher.hash('correct horse'),
    strictPasswordHasher.hash('correct horse'),
  ])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(two).not.toBe(one)
  expect(await strictPasswordHasher.verify(one, 'correct horse')).toBe(true)
  expect(await strictPasswordHasher.verify(one, 'correct horsf')).toBe(false)
})

test('a cheap hash is verified by the strict hasher: the cost stands in the hash', async () => {
  const cheap = await cheapPasswordHasher.hash('correct horse')
  expect(cheap).toMatch(/^\$argon2id\$/)
  expect(await strictPasswordHasher.verify(cheap, 'correct horse')).toBe(true)
})
