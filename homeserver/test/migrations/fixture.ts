import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { parseJson } from '#matrix/events/parse-json.ts'
import { testDatabase, type TestDatabase } from '../harness/database.ts'

const facts = z.object({
  serverName: z.string(),
  roomId: z.string(),
  /** Messages, oldest first. */
  events: z.array(z.string()),
  /** A sync token of Bob's from before the last message. */
  since: z.string(),
  /** Bob's access token. */
  bob: z.string(),
})

/** A database with nothing in it. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const database = await testDatabase()
  await sql`DROP SCHEMA public CASCADE`.execute(database.db)
  await sql`CREATE SCHEMA public`.execute(database.db)
  return database
}

/** The database of an older build, as `make-fixture.ts` dumped it. */
export async function olderDatabase(name: string) {
  const text = readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8')
  const known = facts.parse(parseJson(text.slice(3, text.indexOf('\n'))))
  const database = await emptyDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  // functions come before the tables that they name
  await client.query(`SET check_function_bodies = off; ${text}`)
  await client.end()
  return { ...database, ...known }
}
