import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { chooseAccount } from '#db/embedded/account.ts'
import { freePort } from '#db/embedded/ports.ts'
import { runProgram } from '#db/embedded/run-program.ts'
import { systemHost as host } from '#platform/host.ts'
import { testFolder } from '../../../spec-tests/target/test-folder.ts'
import type { TestCluster } from './test-cluster.ts'

/** What an administrator's Postgres differs in: another language's order, and a plain role for Hearth. */
const LOCALE = [
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--locale-provider=icu',
  '--icu-locale=en-US',
]
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
}
const ROLE = 'hearth'
const ADMINISTRATOR = 'postgres'

/**
 * Starts a Postgres from a folder of programs, such as Debian's, with a cluster of its own that goes at
 * the end. Its default collation sorts as people do, not by code points, and the role that Hearth gets
 * is no superuser.
 */
export async function startSeparatePostgres(programs: string): Promise<TestCluster> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(testFolder(), 'hearth-separate-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const account = await chooseAccount([folder], host)
  await chmod(folder, 0o711)
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  const cluster = join(folder, 'cluster')
  const program = (name: string) => join(programs, name)
  const initdb = ['-D', cluster, `--username=${ADMINISTRATOR}`, '--auth=trust', '--no-sync']
  await runProgram(program('initdb'), [...initdb, ...LOCALE], { account, host })
  const port = await freePort(undefined)
  const options = Object.entries({ ...SETTINGS, port }).map(
    ([name, value]) => `-c ${name}=${value}`,
  )
  const pgCtl = (...args: string[]) =>
    runProgram(program('pg_ctl'), ['-D', cluster, '-s', '-w', ...args], { account, host })
  await pgCtl('start', '-l', join(folder, 'log'), '-o', options.join(' '))
  stack.defer(() => pgCtl('stop', '-m', 'fast'))
  const urlOf = (user: string) => `postgres://${user}@127.0.0.1:${port}/postgres`
  const client = new pg.Client({ connectionString: urlOf(ADMINISTRATOR) })
  await client.connect()
  // tests make databases of other encodings by themselves
  await client.query(`CREATE ROLE ${ROLE} LOGIN CREATEDB`)
  await client.end()
  const resources = stack.move()
  return {
    url: urlOf(ROLE),
    adminUrl: urlOf(ADMINISTRATOR),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
