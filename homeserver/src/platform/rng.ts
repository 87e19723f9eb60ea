import { randomBytes, randomInt } from 'node:crypto'

/** Randomness, handed in so that tests can repeat a run. */
export interface Rng {
  /** `length` characters of `[A-Za-z0-9]`, cryptographically random. */
  id(length: number): string
  /** Integer in `[0, below)`. */
  int(below: number): number
  /** Cryptographically random bytes. */
  bytes(length: number): Buffer
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const systemRng: Rng = {
  id(length) {
    let id = ''
    while (id.length < length) {
      for (const byte of randomBytes(length * 2)) {
        // 248 = 4 * 62: rejecting the rest keeps every character equally likely
        if (byte < 248 && id.length < length) id += ALPHABET[byte % 62]
      }
    }
    return id
  },
  int: (below) => randomInt(below),
  bytes: (length) => randomBytes(length),
}
