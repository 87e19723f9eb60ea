import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Http } from '../target/matrix-client.ts'
import { User } from '../target/user.ts'

/** Accounts of a server whose registration is closed: `@user:server token [device]` on each line. */
export class UsersFile {
  readonly #path: string
  readonly #users: Known[]
  readonly #count: number

  /** @throws {Error} naming the first line that is no account */
  constructor(path: string, http: Http) {
    this.#path = path
    this.#users = parseUsers(readFileSync(path, 'utf8')).map(
      ({ userId, token, device }) => new Known(http, userId, token, device),
    )
    this.#count = this.#users.length
  }

  /** Each account once: what it did before would be part of the figures. */
  async next(): Promise<User> {
    const user = this.#users.shift()
    if (user === undefined) {
      throw new Error(`${this.#path} has ${this.#count} users, which are too few for this run.`)
    }
    return await Promise.resolve(user)
  }
}

/** An account that earlier runs may have used: its transaction ids must not be theirs. */
class Known extends User {
  readonly #run = randomBytes(4).toString('hex')

  override nextTxn(): string {
    return `${this.#run}-${super.nextTxn()}`
  }
}

/** @throws {Error} naming the first line that is no account */
export function parseUsers(text: string): { userId: string; token: string; device: string }[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [userId = '', token, device = ''] = line.split(/\s+/)
      if (!userId.startsWith('@') || token === undefined) {
        throw new Error(`No "@user:server token" but: ${line.slice(0, 40)}`)
      }
      return { userId, token, device }
    })
}
