import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LeanClient } from './lean-client.ts'
import { parseUsers, UsersFile } from './users-file.ts'

test('accounts stand on lines of their own between comments', () => {
  expect(parseUsers('# people\n@a:x tokenA DEVICE\n\n  @b:x   tokenB\n')).toEqual([
    { userId: '@a:x', token: 'tokenA', device: 'DEVICE' },
    { userId: '@b:x', token: 'tokenB', device: '' },
  ])
  expect(() => parseUsers('@a:x')).toThrow('@a:x')
  expect(() => parseUsers('a tokenA')).toThrow('No "@user:server token"')
})

test('each account is given once, with transaction ids that no other run has used', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-users-'))
  const path = join(folder, 'users.txt')
  writeFileSync(path, '@a:x tokenA\n')
  const http = new LeanClient('http://127.0.0.1:1')
  const [first, second] = [new UsersFile(path, http), new UsersFile(path, http)]
  rmSync(folder, { recursive: true })
  const [one, two] = [await first.next(), await second.next()]
  expect(one).toMatchObject({ userId: '@a:x', token: 'tokenA' })
  expect(one.nextTxn()).not.toBe(two.nextTxn())
  await expect(first.next()).rejects.toThrow('has 1 users')
})
