import type { Db } from '#db/db.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { databaseHash, newToken } from './token.ts'

/** Tokens for one purpose that are good for a short time. */
export interface ShortLivedKind<Owner> {
  readonly prefix: string
  /** How long a token is good for, in milliseconds. */
  readonly lifetimeMs: number
  insert(
    db: Db,
    token: { readonly hash: Buffer; readonly owner: Owner; readonly expiresTs: number },
  ): Promise<void>
  deleteExpired(db: Db, now: number): Promise<void>
}

export interface ShortLivedDeps {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly rng: Pick<Rng, 'id'>
}

/** Makes tokens of a kind. The database holds their hashes, and those that have expired until the next is made. */
export class ShortLivedTokens<Owner> {
  readonly #deps: ShortLivedDeps
  readonly #kind: ShortLivedKind<Owner>

  constructor(deps: ShortLivedDeps, kind: ShortLivedKind<Owner>) {
    this.#deps = deps
    this.#kind = kind
  }

  async create(owner: Owner): Promise<{ token: string; expiresInMs: number }> {
    const { db, clock, rng } = this.#deps
    const { prefix, lifetimeMs } = this.#kind
    const token = newToken(rng, prefix)
    const now = clock.now()
    await this.#kind.deleteExpired(db, now)
    await this.#kind.insert(db, {
      hash: databaseHash(token),
      owner,
      expiresTs: now + lifetimeMs,
    })
    return { token, expiresInMs: lifetimeMs }
  }
}
