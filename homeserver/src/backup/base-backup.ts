import pg from 'pg'
import { sqlState } from '#db/errors.ts'
import { BackupRefused } from './errors.ts'

/** What Postgres says when the copying of its files may begin. */
export interface Started {
  /** Folder of the cluster's files. */
  readonly cluster: string
}

/** What Postgres says at the end. */
export interface Stopped {
  readonly start: string
  readonly stop: string
  readonly timeline: string
  /** To be written into the copy as `backup_label`; without it recovery would begin at the wrong place. */
  readonly label: string
  /** The files of the write-ahead log that recovery needs. */
  readonly segments: string[]
}

/** What the database says about itself. */
export interface Facts {
  readonly server_name: string
  readonly test_stamp: boolean
  readonly version: number
  readonly compat: number
  readonly postgres: string
  readonly system_identifier: string
  readonly tag: number
  readonly pos: number
}

const UNDEFINED_TABLE = '42P01'

const FACTS = `
  SELECT i.server_name, i.test_stamp, v.version, v.compat,
    current_setting('server_version') AS postgres,
    (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
    s.tag, s.last_pos::float8 AS pos
  FROM instance i, stream s, (SELECT version, compat FROM schema_version ORDER BY version DESC LIMIT 1) v`

/** The last byte before `stop` is what is needed last: at a boundary that is the previous file. */
const STOP = `
  WITH stopped AS MATERIALIZED (SELECT * FROM pg_backup_stop(false)),
    size AS (SELECT setting::numeric AS n FROM pg_settings WHERE name = 'wal_segment_size')
  SELECT stopped.lsn::text AS stop, stopped.labelfile AS label, stopped.spcmapfile AS spaces,
    left(pg_walfile_name(stopped.lsn), 8) AS timeline,
    ARRAY(SELECT pg_walfile_name('0/0'::pg_lsn + (i * size.n + 1))
      FROM generate_series(div($1::pg_lsn - '0/0', size.n), div(stopped.lsn - '0/0' - 1, size.n)) i
      ORDER BY i) AS segments
  FROM stopped, size`

/**
 * Postgres' low-level base backup over one connection, which must stay open from start to stop. A
 * temporary replication slot keeps the write-ahead log since the start; it goes with the connection.
 */
export class BaseBackup implements AsyncDisposable {
  readonly #client: pg.Client
  #start = ''

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async connect(url: string): Promise<BaseBackup> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'hearth backup',
      keepAlive: true,
    })
    // a connection that breaks between two statements is reported by the next one
    client.on('error', () => {})
    await client.connect()
    return new BaseBackup(client)
  }

  /** @throws {BackupRefused} when the database is not a complete one of Hearth's */
  async facts(): Promise<Facts> {
    const [row] = await this.#query<Facts>(FACTS).catch((error: unknown) => {
      if (sqlState(error) !== UNDEFINED_TABLE) throw error
      throw new BackupRefused('The database has not been set up by Hearth yet.', error)
    })
    if (row === undefined) throw new BackupRefused('The database has lost its instance row.')
    return row
  }

  async start(): Promise<Started> {
    await this.#query(
      `SELECT pg_create_physical_replication_slot('hearth_backup_' || pg_backend_pid(), true, true)`,
    )
    const [row] = await this.#query<{ lsn: string; cluster: string }>(
      `SELECT pg_backup_start('hearth backup', true)::text AS lsn,
        current_setting('data_directory') AS cluster`,
    )
    if (row === undefined) throw new TypeError('pg_backup_start answered nothing')
    this.#start = row.lsn
    return { cluster: row.cluster }
  }

  /** Ends the backup once all that it needs is in the write-ahead log. */
  async stop(): Promise<Stopped> {
    const [row] = await this.#query<Omit<Stopped, 'start'> & { spaces: string | null }>(STOP, [
      this.#start,
    ])
    if (row === undefined) throw new TypeError('pg_backup_stop answered nothing')
    const { spaces, ...stopped } = row
    if (spaces !== null && spaces !== '') {
      throw new BackupRefused(
        'The database uses tablespaces outside its folder, which this backup does not copy. ' +
          'Drop them, or use pg_basebackup.',
      )
    }
    return { ...stopped, start: this.#start }
  }

  /** Aborts a backup that was not stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }

  async #query<Row extends object>(text: string, values: string[] = []): Promise<Row[]> {
    const { rows } = await this.#client.query<Row>(text, values)
    return rows
  }
}
