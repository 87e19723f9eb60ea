import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, StoredEvent } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import * as store from './index-store.ts'
import { vectorText } from './lexemes.ts'
import { KEYS, searchableText } from './searchable-text.ts'

export interface IndexerDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'head' | 'subscribe' | 'onReset'>
  readonly reads: Pick<LogReads, 'eventsByPos'>
  /** Which worker fills the index while nobody searches. */
  readonly sole: { readonly isSole: boolean }
  readonly clock: Clock
  readonly logger: Logger
}

/** Events put into the index in one transaction. */
const BATCH = 500
/** Between two batches nobody waits for: the index is behind, but sending is not slower for it. */
const REST_MS = 1_000
/** How often a worker looks whether the index has become its business. */
const IDLE_MS = 20_000
/** How long a search waits for an index that is far behind before it makes do with what there is. */
const PATIENCE_MS = 2_000

/**
 * Fills the search index, behind the log. How far it is stands in the database, in the same transaction
 * as the entries, so that any worker goes on where another stopped, and doing it twice is no harm.
 */
export class SearchIndexer {
  readonly #deps: IndexerDeps
  #cancel: (() => void) | undefined
  #running: Promise<unknown> | undefined
  #isStopped = false
  /** Up to where this worker knows the index to be filled. */
  #done = 0

  constructor(deps: IndexerDeps) {
    this.#deps = deps
    deps.log.onReset(() => {
      this.#done = 0
      this.#later()
    })
    deps.log.subscribe((entries) => {
      if (entries.some(({ kind }) => kind === 'event')) this.#later()
    })
    this.#later()
  }

  /** Brings the index to the log's end as this worker knows it, unless that takes too long. */
  async catchUp(): Promise<void> {
    const { clock, log } = this.#deps
    const upTo = log.head
    const deadline = clock.monotonic() + PATIENCE_MS
    while (this.#done < upTo && clock.monotonic() < deadline) await this.#step(upTo)
  }

  /** Ends what goes on by itself. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#running?.catch(() => undefined)
  }

  #later(ms = REST_MS): void {
    if (this.#isStopped) return
    this.#cancel ??= this.#deps.clock.after(ms, () => {
      this.#cancel = undefined
      const { sole, log, logger } = this.#deps
      if (!sole.isSole) return this.#later(IDLE_MS)
      this.#running = this.#step(log.head)
        .then(() => {
          if (this.#done < log.head) this.#later()
        })
        .catch((error: unknown) => {
          logger.warn({ err: error }, 'the search index does not follow the log')
          this.#later(IDLE_MS)
        })
    })
  }

  /** One batch. */
  async #step(upTo: number): Promise<void> {
    const done = await transaction(this.#deps.db, async (tx) => {
      const after = await store.holdProgress(tx)
      if (after >= upTo) return after
      const events = await store.eventsAfter(tx, { after, upTo, limit: BATCH })
      if (events.length > 0) await this.#write(tx, events)
      const end = events.length < BATCH ? upTo : (events.at(-1)?.place ?? upTo)
      await store.setProgress(tx, end)
      return end
    })
    this.#done = Math.max(this.#done, done)
  }

  async #write(tx: Tx, events: readonly { readonly ev: number }[]): Promise<void> {
    const changed = await store.changedBy(
      tx,
      events.map(({ ev }) => ev),
    )
    const wanted = changed.flatMap(({ ev, edit }) => (edit === null ? [ev] : [ev, edit]))
    const found = await this.#deps.reads.eventsByPos(wanted)
    const rows = changed.flatMap((one) => rowOf(one, found) ?? [])
    const kept = new Set(rows.map(({ ev }) => ev))
    await store.putRows(tx, rows)
    await store.deleteRows(
      tx,
      changed.map(({ ev }) => ev).filter((ev) => !kept.has(ev)),
    )
  }
}

function rowOf(
  { ev, place, edit }: store.Changed,
  found: ReadonlyMap<number, StoredEvent>,
): store.IndexRow | undefined {
  const event = found.get(ev)
  const text = event && searchableText(event, edit === null ? undefined : found.get(edit))
  if (text === undefined || event === undefined) return undefined
  const { room, sender } = event
  return { ev, place, room, sender, key: KEYS[text.key], vector: vectorText(room, text.text) }
}
