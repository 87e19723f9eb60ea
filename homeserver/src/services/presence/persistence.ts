import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { savePresence, type StoredPresence } from './store.ts'

const FLUSH_MS = 10_000

interface PersistenceDeps {
  readonly db: Kysely<Schema>
  readonly clock: Pick<Clock, 'after'>
  readonly logger: Logger
}

/** Writes what changed every few seconds, so that a restart forgets little. */
export class Persistence {
  readonly #deps: PersistenceDeps
  readonly #read: (user: UserKey) => StoredPresence | undefined
  #dirty = new Set<UserKey>()
  #cancel: (() => void) | undefined

  constructor(deps: PersistenceDeps, read: (user: UserKey) => StoredPresence | undefined) {
    this.#deps = deps
    this.#read = read
  }

  note(user: UserKey): void {
    this.#dirty.add(user)
    this.#cancel ??= this.#deps.clock.after(FLUSH_MS, () => void this.flush())
  }

  /** A failure costs nothing but what a restart would forget, so it is only logged. */
  async flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const users = Array.from(this.#dirty, this.#read).filter((user) => user !== undefined)
    this.#dirty = new Set()
    if (users.length === 0) return
    try {
      await savePresence(this.#deps.db, users)
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'presence could not be stored')
    }
  }
}
