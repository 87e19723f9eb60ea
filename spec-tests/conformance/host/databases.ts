import { OwnPostgres } from '../../target/own-postgres.ts'

/** The template that a fresh server's database is copied from. */
const FRESH = 'conformance_fresh'

/** One Postgres with a database for each server and for each image. */
export class Databases implements AsyncDisposable {
  readonly #postgres: OwnPostgres
  #count = 0

  private constructor(postgres: OwnPostgres) {
    this.#postgres = postgres
  }

  /** @param migrate brings the database of a URL up to date; called once */
  static async start(migrate: (url: string) => Promise<void>): Promise<Databases> {
    // what a run leaves behind is thrown away, so nothing has to survive a power cut
    const settings = { fsync: 'off', max_connections: '400', shared_buffers: '64MB' }
    const databases = new Databases(await OwnPostgres.create({ settings }))
    await databases.#run(`CREATE DATABASE ${FRESH} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`)
    await migrate(databases.urlOf(FRESH))
    return databases
  }

  /** A database like that of a server at its first start. */
  async fresh(serverName: string): Promise<string> {
    const name = await this.copy(FRESH)
    const quoted = serverName.replaceAll("'", "''")
    const statement = `UPDATE instance SET server_name = '${quoted}'`
    await this.#postgres.query(statement, { database: name })
    return name
  }

  async copy(template: string): Promise<string> {
    this.#count += 1
    const name = `conformance_${this.#count}`
    await this.#run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = '${template}'`)
    await this.#run(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    return name
  }

  async drop(name: string): Promise<void> {
    await this.#run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }

  urlOf(name: string): string {
    return this.#postgres.url(undefined, name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#postgres[Symbol.asyncDispose]()
  }

  async #run(statement: string): Promise<void> {
    await this.#postgres.query(statement, { database: 'postgres' })
  }
}
