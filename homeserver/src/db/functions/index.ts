import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { Schema } from '../db.ts'
import { hsAppendMessage } from './hs-append-message.ts'
import { hsAppendMessages } from './hs-append-messages.ts'
import { hsAppendPlaced } from './hs-append-placed.ts'
import { hsAppend } from './hs-append.ts'
import { hsBeginEpoch } from './hs-begin-epoch.ts'
import { hsCheckEpoch } from './hs-check-epoch.ts'

/**
 * The functions in the database, in their current text. Workers of another build may still call them
 * while this build is installed beside it: a function whose parameters or results change gets a new
 * name, and the old one stays here until no such worker can be left.
 */
const functions = {
  hs_append: hsAppend,
  hs_append_message: hsAppendMessage,
  hs_append_messages: hsAppendMessages,
  hs_append_placed: hsAppendPlaced,
  hs_check_epoch: hsCheckEpoch,
  hs_begin_epoch: hsBeginEpoch,
} as const

/**
 * Counts the texts above: raised by one with every change of them, so that of two builds one is the
 * newer. A test holds the fingerprint that belongs to it.
 */
const version = 11

const fingerprint = createHash('sha256').update(JSON.stringify(functions)).digest('base64url')

/** What this build puts into a database. */
export const ownFunctions = { version, fingerprint } as const

/**
 * Puts this build's functions in place, unless the database has them or those of a newer build: in a
 * rolling update a worker of the old build may start again beside new ones.
 */
export async function installFunctions(db: Kysely<Schema>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const found = await tx.selectFrom('schema_functions').selectAll().executeTakeFirst()
    // the same version with another text is work under way
    if (found !== undefined && (found.fingerprint === fingerprint || found.version > version)) {
      return
    }
    for (const [name, text] of Object.entries(functions)) {
      await sql`DROP FUNCTION IF EXISTS ${sql.id(name)}`.execute(tx)
      await sql.raw(text).execute(tx)
    }
    await tx
      .insertInto('schema_functions')
      .values({ id: 1, version, fingerprint })
      .onConflict((on) => on.column('id').doUpdateSet({ version, fingerprint }))
      .execute()
  })
}
