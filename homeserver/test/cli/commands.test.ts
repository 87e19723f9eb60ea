import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { testDatabase, TEST_SERVER_NAME } from '../harness/database.ts'
import { runHearth, scratchFolder, startHearth } from './run-hearth.ts'

// processes and initdb on a busy machine
vi.setConfig({ testTimeout: 60_000 })

test.each([
  [['frobnicate'], 2, /there is no command "frobnicate"/],
  [['serve', '--prot', '1'], 2, /Unknown option '--prot'/],
  [['serve', '--port', 'eighty'], 2, /--port needs a number/],
  [['serve', '--workers', '0'], 2, /a number from 1 to 64/],
  [['create-user'], 2, /which username/],
  [['serve', '--config', '/nowhere.yaml'], 1, /can't be read/],
])('%j is refused with one sentence', async (args, code, message) => {
  await using folder = scratchFolder()
  const ended = await runHearth(args, { cwd: folder.path })
  expect(ended.code).toBe(code)
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr.trim().split('\n')).toHaveLength(1)
})

test('shared signing key: each is of its own, written once, for us alone', async () => {
  await using folder = scratchFolder()
  const file = join(folder.path, 'key')
  expect((await runHearth(['generate-signing-key', '--output', file])).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toMatch(/^ed25519 a_\w{4} [A-Za-z0-9+/]{43}\n$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const other = join(folder.path, 'other')
  expect((await runHearth(['generate-signing-key', '--output', other])).code).toBe(0)
  expect(readFileSync(other, 'utf8').slice(-44)).not.toBe(readFileSync(file, 'utf8').slice(-44))
  const again = await runHearth(['generate-signing-key', '--output', file])
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('EEXIST')
})

test('one server name per database, an external one too; an account can be made beside the server', async () => {
  await using database = await testDatabase()
  await using folder = scratchFolder()
  const config = join(folder.path, 'homeserver.yaml')
  const write = (name: string) =>
    writeFileSync(config, `server_name: ${name}\ndata: ./data\ndatabase:\n  url: ${database.url}\n`)
  write('other.example')
  const refused = await runHearth(['migrate'], { cwd: folder.path })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`belongs to the server name "${TEST_SERVER_NAME}"`)

  write(TEST_SERVER_NAME)
  const migrated = await runHearth(['migrate'], { cwd: folder.path })
  expect(migrated).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' })

  const server = startHearth(['serve', '--port', '0'], { cwd: folder.path })
  const [, url = ''] = await server.line(/^ready (\S+)$/m)
  const made = await runHearth(['create-user', 'alice', '--admin'], {
    cwd: folder.path,
    input: 'a long password\n',
  })
  expect(made).toMatchObject({ code: 0, stdout: `Made @alice:${TEST_SERVER_NAME}.\n` })
  const login = await fetch(`${url}/_matrix/client/v3/login`, {
    method: 'POST',
    body: JSON.stringify({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: 'alice' },
      password: 'a long password',
    }),
  })
  expect(login.status).toBe(200)
  server.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
})

test('an unreachable database is told in a sentence with its reason', async () => {
  await using folder = scratchFolder()
  writeFileSync(
    join(folder.path, 'homeserver.yaml'),
    'database:\n  url: postgres://nobody@127.0.0.1:1/none\n',
  )
  const ended = await runHearth(['serve', '--port', '0'], { cwd: folder.path })
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/database cannot be reached.*ECONNREFUSED/)
})

test('the server stops when its launcher is killed, and a repeated signal does no harm', async () => {
  await using database = await testDatabase()
  await using folder = scratchFolder()
  writeFileSync(
    join(folder.path, 'homeserver.yaml'),
    `server_name: ${TEST_SERVER_NAME}\ndatabase:\n  url: ${database.url}\n`,
  )
  const orphan = startHearth(['serve', '--port', '0'], { cwd: folder.path })
  const [, url = ''] = await orphan.line(/^ready (\S+)$/m)
  orphan.kill('SIGKILL')
  // its standard output closes when the server has ended too
  await orphan.ended
  await expect(fetch(`${url}/health`)).rejects.toThrow()

  const server = startHearth(['serve', '--port', '0'], { cwd: folder.path })
  await server.line(/^ready/m)
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) server.kill(signal)
  const ended = await server.ended
  expect(ended.code).toBe(0)
  expect(ended.stderr).not.toMatch(/error/i)
})
