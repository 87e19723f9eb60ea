import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '#db/embedded/embedded.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { testFolder } from '../../../spec-tests/target/test-folder.ts'
import { startSeparatePostgres } from './separate-postgres.ts'

/** A Postgres for tests. */
export interface TestCluster extends AsyncDisposable {
  /** How the server under test connects. */
  readonly url: string
  /** May make databases for everybody. */
  readonly adminUrl: string
}

/**
 * The Postgres that tests run on: the embedded one, or what `HEARTH_TEST_POSTGRES` says, either the
 * folder of another Postgres' programs, or the URL of a running server whose user may make databases.
 */
export async function startTestCluster(choice: string | undefined): Promise<TestCluster> {
  if (choice === undefined || choice === '') return await embedded()
  if (!/^postgres(ql)?:\/\//.test(choice)) return await startSeparatePostgres(choice)
  return { url: choice, adminUrl: choice, [Symbol.asyncDispose]: () => Promise.resolve() }
}

async function embedded(): Promise<TestCluster> {
  const folder = await mkdtemp(join(testFolder(), 'hearth-test-'))
  // as root, Postgres's own user must pass
  await chmod(folder, 0o711)
  const postgres = await startEmbedded({
    data: join(folder, 'data'),
    clock,
    rng,
    logger: createLogger('warn'),
    durable: false,
  })
  await leaveDatabasesAlone(postgres.url)
  return {
    url: postgres.url,
    adminUrl: postgres.url,
    async [Symbol.asyncDispose]() {
      await postgres.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Autovacuum would visit the hundreds of databases of a run in turn, which live for a few seconds. */
async function leaveDatabasesAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('ALTER SYSTEM SET autovacuum = off')
  await client.query('SELECT pg_reload_conf()')
  await client.end()
}
