import { hash } from 'node:crypto'
import type { Db } from '#db/db.ts'
import { forbidden } from '#matrix/errors.ts'
import type { Rng } from '#platform/rng.ts'
import type { Accounts } from '#services/accounts/index.ts'

const LENGTH = 32

/**
 * The token of the set-up link: its bearer makes the first account, an administrator. It is void
 * once anybody has an account.
 */
export class SetupToken {
  readonly #db: Db
  readonly #rng: Rng
  readonly #accounts: Pick<Accounts, 'anyExists'>

  constructor(deps: { db: Db; rng: Rng; accounts: Pick<Accounts, 'anyExists'> }) {
    this.#db = deps.db
    this.#rng = deps.rng
    this.#accounts = deps.accounts
  }

  /** A new token in place of the last one, which is void then; undefined when it is too late for one. */
  async renew(): Promise<string | undefined> {
    if (await this.#accounts.anyExists()) return undefined
    const token = this.#rng.id(LENGTH)
    const row = { id: 1, hash: hashOf(token) }
    await this.#db
      .insertInto('setup_token')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ hash: row.hash }))
      .execute()
    return token
  }

  /** True while somebody could use it. */
  async exists(): Promise<boolean> {
    const row = await this.#db.selectFrom('setup_token').select('id').executeTakeFirst()
    return row !== undefined && !(await this.#accounts.anyExists())
  }

  async matches(token: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('setup_token')
      .select('id')
      .where('hash', '=', hashOf(token))
      .executeTakeFirst()
    return row !== undefined && !(await this.#accounts.anyExists())
  }

  /**
   * Uses it up, in the transaction that makes the account.
   * @throws {MatrixError} 403 when another request was first
   */
  async consume(tx: Db): Promise<void> {
    const { numDeletedRows } = await tx.deleteFrom('setup_token').executeTakeFirst()
    const other = await tx.selectFrom('accounts').select('user_key').limit(1).executeTakeFirst()
    if (numDeletedRows === 0n || other !== undefined) {
      throw forbidden('The set-up link has been used already.')
    }
  }
}

const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer')
