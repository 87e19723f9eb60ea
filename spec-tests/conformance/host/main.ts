import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Databases } from './databases.ts'
import { dockerApi } from './docker-api.ts'
import { Engine } from './engine.ts'
import { PROGRAM } from './program.ts'
import { configuration } from './server-process.ts'

const TEMPLATE = 'template'

/** Runs the host until it is told to stop, and prints what the suite's environment has to say. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
  await using databases = await Databases.start(migrate)
  await using engine = new Engine(databases)
  const api = dockerApi(engine).listen(Number(values.port), '127.0.0.1')
  await once(api, 'listening')
  process.stdout.write(`DOCKER_HOST=tcp://127.0.0.1:${portOf(api.address())}\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  api.close()
  api.closeAllConnections()
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' ? (address?.port ?? 0) : 0

/** Lets the server's own command make the tables, so that no start has to. */
function migrate(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-conformance-migrate-'))
  const file = join(folder, 'config.yaml')
  const place = { folder, serverName: TEMPLATE, port: 0, databaseUrl: url }
  writeFileSync(file, configuration(place))
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'migrate', '--config', file], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HEARTH_UNSAFE_TEST_MODE: TEMPLATE },
  })
  rmSync(folder, { recursive: true, force: true })
  if (status !== 0) throw new Error(`The tables could not be made: ${stderr}`)
  return Promise.resolve()
}

await main()
