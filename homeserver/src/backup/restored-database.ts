import pg from 'pg'
import { BackupRefused } from './errors.ts'
import type { Manifest } from './manifest.ts'

/** The history that begins with a restore. */
export interface NewEpoch {
  readonly tag: number
  /** Everything up to here is in the database. */
  readonly pos: number
}

const NOW = `
  SELECT s.tag, s.last_pos::float8 AS pos, i.server_name,
    left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline
  FROM stream s, instance i`

/**
 * Begins the epoch of a restored database, so that no token of the lost tail can be taken for one of
 * the new history.
 * @throws {BackupRefused} when the database is not what the manifest says, or kept its old epoch
 */
export async function openNewEpoch(url: string, manifest: Manifest): Promise<NewEpoch> {
  const client = new pg.Client({ connectionString: url, application_name: 'hearth restore' })
  await client.connect()
  try {
    await client.query('SELECT hs_check_epoch()')
    const { rows } = await client.query<NewEpoch & { server_name: string; timeline: string }>(NOW)
    const [now] = rows
    const isWhole =
      now !== undefined &&
      now.server_name === manifest.server_name &&
      now.pos >= manifest.position.pos
    if (!isWhole) {
      throw new BackupRefused('The recovered database is not the one that the manifest describes.')
    }
    if (now.timeline === manifest.wal.timeline) {
      throw new BackupRefused('The recovered database did not begin a new timeline.')
    }
    return { tag: now.tag, pos: now.pos }
  } finally {
    await client.end()
  }
}
