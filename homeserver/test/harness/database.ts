import type { Kysely } from 'kysely'
import { inject } from 'vitest'
import { z } from 'zod'
import { createDb, type Schema } from '#db/db.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { createLogger } from '#platform/logger.ts'

export { TEST_SERVER_NAME } from './server-name.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  /** The same database as a superuser; only for what makes trouble for the server under test. */
  readonly adminUrl: string
  readonly db: Kysely<Schema>
}

const urls = z.object({ url: z.string(), adminUrl: z.string() })

/** A migrated database of its own in a real Postgres, for one test or one test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const response = await fetch(inject('databaseBroker'))
  const text = await response.text()
  if (!response.ok) throw new Error(`no test database: ${text}`)
  const { url, adminUrl } = urls.parse(parseJson(text))
  const db = createDb({ url, logger: createLogger('warn'), size: 4 })
  return {
    url,
    adminUrl,
    db,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await fetch(inject('databaseBroker'), { method: 'DELETE', body: adminUrl })
    },
  }
}
