import pg from 'pg'
import { at } from '../target/json.ts'

/** Transactions and statements that Postgres has counted in a database. */
export interface SqlCounts {
  readonly transactions: number
  /** null where pg_stat_statements is not installed or may not be read. */
  readonly statements: number | null
}

/** The server's database as its operator sees it. */
export class Database implements AsyncDisposable {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async connect(url: string): Promise<Database> {
    const client = new pg.Client({ connectionString: url })
    // Postgres may stop before we do
    client.on('error', () => undefined)
    await client.connect()
    return new Database(client)
  }

  async counts(): Promise<SqlCounts> {
    const transactions = await this.#number(
      `SELECT xact_commit + xact_rollback AS value FROM pg_stat_database
       WHERE datname = current_database()`,
    )
    const statements = await this.#number(
      `SELECT sum(calls) AS value FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    ).catch(() => null)
    return { transactions, statements }
  }

  /** Tables and indexes of the whole database. */
  bytes(): Promise<number> {
    return this.#number('SELECT pg_database_size(current_database()) AS value')
  }

  async vacuum(): Promise<void> {
    await this.#client.query('VACUUM')
  }

  /** The most extremities that a room has; null for a server that keeps them another way. */
  async extremities(): Promise<number | null> {
    return await this.#number('SELECT max(cardinality(extremities)) AS value FROM rooms')
      .catch(() =>
        this.#number(
          `SELECT max(n) AS value FROM (SELECT count(*) AS n FROM event_forward_extremities
           GROUP BY room_id) AS each_room`,
        ),
      )
      .catch(() => null)
  }

  /** Its version, and whether an answered commit survives a power cut. */
  async facts(): Promise<{ pg: string; durable: boolean }> {
    const rows = await this.#rows(
      `SELECT current_setting('server_version') AS version,
              current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'
                AND current_setting('full_page_writes') = 'on' AS durable`,
    )
    return {
      pg: String(at(rows[0], 'version')).split(' ')[0] ?? '',
      durable: at(rows[0], 'durable') === true,
    }
  }

  async #number(query: string): Promise<number> {
    return Number(at((await this.#rows(query))[0], 'value'))
  }

  async #rows(query: string): Promise<unknown[]> {
    return (await this.#client.query<Record<string, unknown>>(query)).rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end()
  }
}
