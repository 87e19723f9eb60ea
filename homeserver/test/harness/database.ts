import type { Kysely } from 'kysely'
import { inject } from 'vitest'
import { createDb, type Schema } from '#db/db.ts'
import { createLogger } from '#platform/logger.ts'

export { TEST_SERVER_NAME } from './server-name.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly db: Kysely<Schema>
}

/** A migrated database of its own in a real Postgres, for one test or one test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const response = await fetch(inject('databaseBroker'))
  const url = await response.text()
  if (!response.ok) throw new Error(`no test database: ${url}`)
  const db = createDb({ url, logger: createLogger('warn'), size: 4 })
  return { url, db, [Symbol.asyncDispose]: () => db.destroy() }
}
