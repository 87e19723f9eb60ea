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

const fingerprint = createHash('sha256').update(JSON.stringify(functions)).digest('base64url')

/**
 * Puts this build's functions in place, unless the database has them or those of a newer build.
 * @param version schema version that this build knows
 */
export async function installFunctions(db: Kysely<Schema>, version: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const found = await tx.selectFrom('schema_functions').selectAll().executeTakeFirst()
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
