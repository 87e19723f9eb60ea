import type { Statement } from '#db/pipelined-client.ts'
import type { SoleWorker } from '#db/sole-worker.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Reader } from './read/connections.ts'

const HOUR_MS = 3_600_000
/** A client may repeat a transaction this long. */
export const TRANSACTION_LIFE_MS = 48 * HOUR_MS
/** Longer than a worker can be cut off and still be in service. */
const INVALIDATION_LIFE_MS = 7 * 24 * HOUR_MS

/** Rows come in the order of time, so all before the first young one are old. */
const prune = (table: string): Statement => ({
  name: `prune_${table}`,
  text: `DELETE FROM ${table} WHERE pos < coalesce((SELECT young.pos FROM ${table} young
    WHERE young.created_ts >= $1 ORDER BY young.pos LIMIT 1), ${Number.MAX_SAFE_INTEGER})`,
})
const PRUNE_TRANSACTIONS = prune('txns')
const PRUNE_INVALIDATIONS = prune('invalidations')
/** What a device left when it was deleted by a worker that died before it could tell. */
const PRUNE_INBOXES: Statement = {
  name: 'prune_inboxes',
  text: `DELETE FROM inbox b WHERE NOT EXISTS (SELECT FROM devices d WHERE d.key = b.device)`,
}

/** Deletes what has served its time, every hour, on the sole worker; two at once do no harm. */
export class Housekeeping implements Disposable {
  readonly #deps: { reader: Reader; clock: Clock; logger: Logger }
  #cancel: () => void = () => undefined

  constructor(deps: { reader: Reader; clock: Clock; logger: Logger }) {
    this.#deps = deps
  }

  start(sole: Pick<SoleWorker, 'isSole'>): void {
    this.#cancel = this.#deps.clock.after(HOUR_MS, () => {
      if (sole.isSole) {
        this.prune().catch((error: unknown) => {
          this.#deps.logger.warn({ err: error }, 'old rows of the log were not deleted')
        })
      }
      this.start(sole)
    })
  }

  /** Deletes old transaction keys and invalidations, and inboxes without device, now. */
  async prune(): Promise<void> {
    const { reader, clock } = this.#deps
    await reader.query(PRUNE_TRANSACTIONS, [clock.now() - TRANSACTION_LIFE_MS])
    await reader.query(PRUNE_INVALIDATIONS, [clock.now() - INVALIDATION_LIFE_MS])
    await reader.query(PRUNE_INBOXES)
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}
