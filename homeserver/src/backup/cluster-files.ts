import type { Judge } from './tree.ts'

/** Postgres makes their content anew at each start, but wants the folders. */
const EMPTY_FOLDERS = new Set([
  'pg_dynshmem',
  'pg_notify',
  // copied after the end of the backup, as far as recovery needs it
  'pg_wal/archive_status',
  'pg_wal/summaries',
  // a copied slot would hold back the write-ahead log for a standby that is not ours
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])

/** State of the running process, remains of other backups, and drafts. */
const SKIPPED_FILES = new Set([
  'backup_label',
  'backup_label.old',
  'backup_manifest',
  'postgresql.auto.conf.tmp',
  'postmaster.opts',
  'postmaster.pid',
  'recovery.signal',
  'standby.signal',
  'tablespace_map',
  'tablespace_map.old',
])

/** Caches, files of sorts that spill to the disk, and tables of sessions. */
const SKIPPED_NAMES = /^(pg_internal\.init.*|pgsql_tmp.*|t\d+_\d+(_\w+)?(\.\d+)?)$/

/** Copied after everything else: Postgres rewrites it all the time. */
export const CONTROL_FILE = 'global/pg_control'

/**
 * What of a cluster belongs into a base backup.
 * https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
 */
export const judgeClusterFile: Judge = (path, isFolder) => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (isFolder) {
    if (SKIPPED_NAMES.test(name)) return 'skip'
    return EMPTY_FOLDERS.has(path) ? 'empty' : 'take'
  }
  if (SKIPPED_FILES.has(path) || SKIPPED_NAMES.test(name)) return 'skip'
  return path === CONTROL_FILE || path.startsWith('pg_wal/') ? 'skip' : 'take'
}
