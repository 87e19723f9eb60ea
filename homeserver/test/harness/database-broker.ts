import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createDb } from '#db/db.ts'
import { prepareDatabase } from '#db/prepare.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { isInMemory } from '../../../spec-tests/target/test-folder.ts'
import { TEST_SERVER_NAME } from './server-name.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Asked by test files for a database; starts Postgres at the first request only. */
    databaseBroker: string
  }
}

const TEMPLATE = 'hs_template'
const logger = createLogger('warn')

/** One Postgres for a whole vitest run, started when the first test asks for a database. */
class TestPostgres {
  #postgres: Promise<TestCluster> | undefined
  #count = 0
  #drops: Promise<void> = Promise.resolve()

  /** A fresh clone of the migrated template. */
  async clone(): Promise<{ url: string; adminUrl: string }> {
    const { url, adminUrl } = await (this.#postgres ??= this.#start())
    const name = `hs_${process.pid}_${++this.#count}`
    const { username } = new URL(url)
    await run(
      adminUrl,
      `CREATE DATABASE ${name} TEMPLATE ${this.#template} STRATEGY file_copy OWNER "${username}"`,
    )
    return { url: databaseUrl(url, name), adminUrl: databaseUrl(adminUrl, name) }
  }

  /** A clone that nobody needs any more. On a disk it would cost more to drop it than to keep it. */
  drop(adminUrl: string): void {
    if (!isInMemory()) return
    const name = new URL(adminUrl).pathname.slice(1)
    this.#drops = this.#drops
      .then(async () => await this.#postgres)
      .then(async (cluster) => {
        if (cluster !== undefined) await run(cluster.adminUrl, `DROP DATABASE ${name} WITH (FORCE)`)
      })
      .catch((error: unknown) => logger.warn({ error: String(error), name }, 'not dropped'))
  }

  async stop(): Promise<void> {
    await this.#drops
    const postgres = await this.#postgres
    await postgres?.[Symbol.asyncDispose]()
  }

  get #template(): string {
    return `${TEMPLATE}_${process.pid}`
  }

  async #start(): Promise<TestCluster> {
    const postgres = await startTestCluster(process.env['HEARTH_TEST_POSTGRES'])
    const { username } = new URL(postgres.url)
    await run(postgres.adminUrl, `CREATE DATABASE ${this.#template} OWNER "${username}"`)
    const db = createDb({ url: databaseUrl(postgres.url, this.#template), logger })
    await prepareDatabase(db, { serverName: TEST_SERVER_NAME, testMode: false, clock })
    await db.destroy()
    return postgres
  }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

function databaseUrl(url: string, name: string): string {
  const result = new URL(url)
  result.pathname = name
  return result.href
}

const postgres = new TestPostgres()
const server = createServer((request, response) => {
  if (request.method === 'DELETE') {
    text(request).then(
      (adminUrl) => postgres.drop(adminUrl),
      (error: unknown) => logger.warn({ error: String(error) }, 'not asked to drop anything'),
    )
    response.end()
    return
  }
  postgres.clone().then(
    (urls) => response.end(JSON.stringify(urls)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})

/** Before a vitest run: tells the test files whom to ask. */
export async function setup(project: TestProject): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  project.provide('databaseBroker', `http://127.0.0.1:${address.port}/`)
}

/** After it. */
export async function teardown(): Promise<void> {
  server.closeAllConnections()
  server.close()
  await postgres.stop()
}
