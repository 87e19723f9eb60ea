import pg from 'pg'
import { createDb } from '#db/db.ts'
import { createLogger } from '#platform/logger.ts'

/** Statements by the database's owner, on a connection of their own. */
export async function asOwner(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The same database, with settings that every session of this connection begins with. */
export function withSettings(url: string, settings: Readonly<Record<string, string>>) {
  const changed = new URL(url)
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  changed.searchParams.set('options', options.join(' '))
  const db = createDb({ url: changed.href, logger: createLogger('silent'), size: 2 })
  return Object.assign(db, { [Symbol.asyncDispose]: () => db.destroy() })
}

let roles = 0

/** Connects as a new role that nobody has given anything; it goes when it is disposed. */
export async function asStranger(database: { url: string; adminUrl: string }) {
  const name = `stranger_${process.pid}_${++roles}`
  await asOwner(database.adminUrl, `CREATE ROLE ${name} LOGIN PASSWORD 'stranger'`)
  const url = new URL(database.url)
  url.username = name
  url.password = 'stranger'
  const db = createDb({ url: url.href, logger: createLogger('silent'), size: 2 })
  return Object.assign(db, {
    role: name,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await asOwner(database.adminUrl, `DROP OWNED BY ${name}`, `DROP ROLE ${name}`)
    },
  })
}
