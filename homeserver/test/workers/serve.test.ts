import { createServer } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { testDatabase, TEST_SERVER_NAME } from '../harness/database.ts'
import { scratchFolder, startHearth } from '../cli/run-hearth.ts'

// three processes on a busy machine
vi.setConfig({ testTimeout: 60_000 })

/** A folder with a configuration of two workers over a database of its own. */
async function setUp() {
  const database = await testDatabase()
  const folder = scratchFolder()
  writeFileSync(
    join(folder.path, 'homeserver.yaml'),
    `server_name: ${TEST_SERVER_NAME}\nworkers: 2\ndatabase:\n  url: ${database.url}\n`,
  )
  return { database, folder }
}

test('workers are counted by the configuration, and one of them is the sole one', async () => {
  const { database, folder } = await setUp()
  await using _ = database
  await using cwd = folder
  const server = startHearth(['serve', '--port', '0'], { cwd: cwd.path })
  const [, url = ''] = await server.line(/^ready (\S+)$/m)
  expect((await fetch(`${url}/health`)).status).toBe(200)
  const count = async (name: string) => {
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = ${name}`.execute(database.db)
    return rows[0]?.n
  }
  expect(await count('hearth append')).toBe(2)
  await expect.poll(() => count('hearth sole'), { timeout: 40_000, interval: 500 }).toBe(1)
  // as Ctrl-C in a terminal, which reaches the launcher and what it passes it to
  server.kill('SIGINT')
  server.kill('SIGINT')
  const ended = await server.ended
  expect(ended.code).toBe(0)
  expect(ended.stderr).not.toMatch(/error/i)
  expect(ended.stdout.match(/^ready /gm)).toHaveLength(1)
  expect(await count('hearth append')).toBe(0)
})

test('a port that is taken is told in one sentence, and no worker stays', async () => {
  const { database, folder } = await setUp()
  await using _ = database
  await using cwd = folder
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
  const address = squatter.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const ended = await startHearth(['serve', '--port', String(port)], { cwd: cwd.path }).ended
  expect(ended.code).toBe(1)
  // beside the log, which warns of the test database's settings
  const said = ended.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  expect(said).toEqual([expect.stringMatching(/^hearth serve: listen EADDRINUSE/)])
  squatter.close()
})
