import type { Kysely } from 'kysely'
import type { Schema } from '../db.ts'
import { instance } from './20261121_0000_instance.ts'
import { log } from './20261121_0001_log.ts'
import { accounts } from './20261121_0002_accounts.ts'
import { rooms } from './20261121_0003_rooms.ts'
import { functions } from './20261121_0004_functions.ts'
import { inbox } from './20261121_0005_inbox.ts'
import { forks } from './20261121_0006_forks.ts'
import { lateEvents } from './20261121_0007_late_events.ts'
import { sessions } from './20261121_0007_sessions.ts'
import { moderation } from './20261121_0008_moderation.ts'
import { directory } from './20261121_0010_directory.ts'
import { relations } from './20261121_0011_relations.ts'
import { push } from './20261121_0012_push.ts'
import { search } from './20261121_0013_search.ts'

/**
 * One step of the schema's tables and indexes, forward only. Never edited after a release; the next
 * one corrects it. Functions are not part of it: `db/functions` has their current text.
 */
export interface Migration {
  /** File name without extension: the date, a running number, what it is about. */
  readonly name: string
  /**
   * The lowest schema version whose servers can still work with the schema after this step.
   * Left out: the step only adds, and older servers work on.
   */
  readonly compat?: number
  /** Runs outside a transaction, for `CREATE INDEX CONCURRENTLY`; must be safe to run again. */
  readonly concurrently?: boolean
  up(db: Kysely<Schema>): Promise<void>
}

/** In order; the schema version is the number of applied steps. Append only. */
export const migrations: readonly Migration[] = [
  instance,
  log,
  accounts,
  rooms,
  functions,
  inbox,
  forks,
  lateEvents,
  sessions,
  moderation,
  directory,
  relations,
  push,
  search,
]
