import type { Db } from '#db/db.ts'
import { forbidden } from '#matrix/errors.ts'
import type { Rng } from '#platform/rng.ts'
import type { Accounts } from '#services/accounts/index.ts'
import { sameText } from './same-text.ts'

const LENGTH = 32

/**
 * The token of the set-up link: its bearer makes the first account, an administrator. It is void
 * once anybody but guests has an account, so that a reader of the database gains nothing by it later.
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

  /** The token, the same for every worker and start; undefined when it is too late for one. */
  async ensure(): Promise<string | undefined> {
    if (await this.#accounts.anyExists()) return undefined
    await this.#db
      .insertInto('setup_token')
      .values({ id: 1, token: this.#rng.id(LENGTH) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    return await this.#stored()
  }

  /** True while somebody could use it. */
  async exists(): Promise<boolean> {
    return (await this.#stored()) !== undefined && !(await this.#accounts.anyExists())
  }

  async matches(token: string): Promise<boolean> {
    const stored = await this.#stored()
    if (stored === undefined || !sameText(stored, token)) return false
    return !(await this.#accounts.anyExists())
  }

  /**
   * Uses it up, in the transaction that makes the account.
   * @throws {MatrixError} 403 when another request was first
   */
  async consume(tx: Db): Promise<void> {
    const { numDeletedRows } = await tx.deleteFrom('setup_token').executeTakeFirst()
    const other = await tx
      .selectFrom('accounts')
      .select('user_key')
      .where('guest', '=', false)
      .limit(1)
      .executeTakeFirst()
    if (numDeletedRows === 0n || other !== undefined) {
      throw forbidden('The set-up link has been used already.')
    }
  }

  async #stored(): Promise<string | undefined> {
    const row = await this.#db.selectFrom('setup_token').select('token').executeTakeFirst()
    return row?.token
  }
}
