import { hash, verify } from '@node-rs/argon2'

/** Hashes passwords off the main thread. */
export interface PasswordHasher {
  /** A PHC string (`$argon2id$…`) with its own salt. */
  hash(password: string): Promise<string>
  /**
   * False for a wrong password.
   * @throws {Error} when the stored text is no hash
   */
  verify(stored: string, password: string): Promise<boolean>
}

interface Cost {
  /** KiB */
  readonly memoryCost: number
  readonly timeCost: number
}

/** About 60 ms of one core; above OWASP's minimum for argon2id. */
const STRICT_COST: Cost = { memoryCost: 19_456, timeCost: 2 }
/** The lowest that argon2 allows: a test suite that makes thousands of accounts. */
const CHEAP_COST: Cost = { memoryCost: 8, timeCost: 1 }

/** The package's algorithm is argon2id by default; a test holds it to that. */
function argon2id(cost: Cost): PasswordHasher {
  return {
    hash: (password) => hash(password, { parallelism: 1, ...cost }),
    verify: (stored, password) => verify(stored, password),
  }
}

export const strictPasswordHasher = argon2id(STRICT_COST)
export const cheapPasswordHasher = argon2id(CHEAP_COST)
