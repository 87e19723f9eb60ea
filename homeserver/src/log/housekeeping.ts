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

/**
 * Mentions in what their user has read since: in all of the room, or in the thread. They count as
 * unread no more, and receipts never go back.
 */
const PRUNE_HIGHLIGHTS: Statement = {
  name: 'prune_highlights',
  text: `DELETE FROM highlights h WHERE
    EXISTS (SELECT FROM read_state s
      WHERE s.user_key = h.user_key AND s.room = h.room AND s.read_pos >= h.pos)
    OR EXISTS (SELECT FROM events e JOIN receipts c ON c.room = h.room AND c.user_key = h.user_key
      WHERE e.pos = h.pos AND c.ev >= h.pos AND c.thread = CASE WHEN e.thread IS NULL THEN 'main'
        ELSE (SELECT root.event_id FROM events root WHERE root.pos = e.thread) END)`,
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

  /** Deletes old transaction keys and invalidations, inboxes without device, mentions read, now. */
  async prune(): Promise<void> {
    const { reader, clock } = this.#deps
    await reader.query(PRUNE_TRANSACTIONS, [clock.now() - TRANSACTION_LIFE_MS])
    await reader.query(PRUNE_INVALIDATIONS, [clock.now() - INVALIDATION_LIFE_MS])
    await reader.query(PRUNE_INBOXES)
    await reader.query(PRUNE_HIGHLIGHTS)
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}
