import { asUnavailable, isExhausted, sqlState } from '#db/errors.ts'
import { parseEventId } from '#matrix/ids.ts'
import { unavailable } from '#matrix/errors.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import type { DatabaseDictionary } from '../dictionary/dictionary.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { Applied } from '../tail/applied.ts'
import type { AppendItem, AppendOutcome } from '../types.ts'
import { appendPlain } from './append-plain.ts'
import { encodeBatch, type Batch } from './encode.ts'
import { ownEntries } from './own-entries.ts'
import { inspect, type Pending } from './pending.ts'
import { appendPlaced } from './placed/append-placed.ts'
import type { PlacedItem } from './placed/placed-item.ts'
import { plainBatch } from './plain.ts'
import { takeBatch } from './select-batch.ts'
import { decodeResult, Outcome, type AppendResult, type AppendRow } from './statement.ts'
import { ConnectionLost } from './writer-connection.ts'
import type { WriterLink } from './writer-link.ts'

/** How long an append may take, in ms, before its caller is told to try again. */
const PATIENCE_MS = 10_000
/** How often it is looked who has waited too long, in ms, while the database is away. */
const OVERDUE_MS = 500
/**
 * What may wait at most: some 20 batches. When the disk is slower than that, callers are told to
 * come back instead of filling the memory.
 */
const MOST_QUEUED_GROUPS = 10_000
const MOST_QUEUED_BYTES = 32_000_000
/**
 * After a batch of so many groups the server is busy, and the next is worth a moment's patience: what
 * a batch costs the database and this process besides its items is as much as ten of them cost.
 */
const BUSY_GROUPS = 9
/** A batch of so many groups is large enough to go at once. */
const ENOUGH_GROUPS = 24
/** How long a batch may be gathered, and how long without growth, in ms. */
const GATHER_MS = 8
const GROWTH_MS = 1
const MAX_ATTEMPTS = 5
const JITTER_MS = 50
/** Lock or statement timeout, serialization failure, deadlock: the batch did nothing. */
const TRANSIENT = new Set(['55P03', '57014', '40001', '40P01'])

export interface BatcherDeps {
  readonly link: WriterLink
  readonly names: InternedNames
  readonly dictionary: DatabaseDictionary
  readonly applied: Applied
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** Reads the log on to a position. */
  reach(pos: number): Promise<void>
}

/**
 * Group commit: one batch is on its way, what queues meanwhile is the next one. Only after a large
 * batch is the next one gathered for some milliseconds; an idle server writes at once.
 */
export class Batcher {
  readonly #deps: BatcherDeps
  readonly #queue: Pending[] = []
  #queuedBytes = 0
  #running: Promise<void> | undefined
  #inFlight = false
  /** Groups in the last batch. */
  #lastSize = 0
  #closed = false
  /** Counts the changes of history: an item made before one must not be written after it. */
  #history = 0

  constructor(deps: BatcherDeps) {
    this.#deps = deps
  }

  /** True while a batch is on its way over the server process. */
  isInFlight(backend: number | undefined): boolean {
    return this.#inFlight && backend === this.#deps.link.backend
  }

  /** True while something is on its way or queued. */
  get isWriting(): boolean {
    return this.#running !== undefined
  }

  append(group: readonly AppendItem[]): Promise<AppendOutcome> {
    if (this.#closed) return Promise.reject(unavailable('The server is stopping.'))
    if (this.#queue.length >= MOST_QUEUED_GROUPS || this.#queuedBytes >= MOST_QUEUED_BYTES) {
      return Promise.reject(unavailable('The server cannot keep up with writing. Try again.'))
    }
    return this.#enqueue(inspect(group))
  }

  /** Appends one event whose place in the room's state is known; it goes alone. */
  appendPlaced(placed: PlacedItem): Promise<AppendOutcome> {
    if (this.#closed) return Promise.reject(unavailable('The server is stopping.'))
    const bytes = placed.json.length
    return this.#enqueue({ group: [], placed, room: placed.room, keys: [], bytes })
  }

  #enqueue(inspected: Omit<Pending, 'deadline' | 'resolve' | 'reject'>): Promise<AppendOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<AppendOutcome>()
    const deadline = this.#deps.clock.monotonic() + PATIENCE_MS
    this.#queue.push({ ...inspected, deadline, resolve, reject })
    this.#queuedBytes += inspected.bytes
    this.#running ??= this.#run()
    return promise
  }

  /** Connects again after a loss although nothing waits: others notify only workers that they see. */
  wake(): void {
    if (!this.#closed && !this.#deps.link.isReady) this.#running ??= this.#run()
  }

  /** The log continues from another history: refuses what was made for the old one. */
  forget(): void {
    this.#history++
    for (const pending of this.#queue.splice(0)) refuseForgotten(pending)
    this.#queuedBytes = 0
  }

  /** Writes what is queued, then refuses. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    // what is appended in the same turn of the event loop shares the first batch
    await Promise.resolve()
    while (this.#queue.length > 0 || (!this.#deps.link.isReady && !this.#closed)) {
      this.#refuseOverdue()
      if (!this.#deps.link.isReady) await this.#restore([])
      else {
        await this.#gather()
        await this.#deliver(this.#take())
      }
    }
    // in the same step as the look at the queue, or an append between the two would wait for ever
    this.#running = undefined
  }

  /** Waits while a busy server's queue still grows. */
  async #gather(): Promise<void> {
    if (this.#lastSize < BUSY_GROUPS || this.#closed) return
    const { clock } = this.#deps
    const until = clock.monotonic() + GATHER_MS
    for (let size = 0; size < this.#queue.length && this.#queue.length < ENOUGH_GROUPS;) {
      size = this.#queue.length
      await clock.sleep(GROWTH_MS)
      if (clock.monotonic() >= until) return
    }
  }

  #take(): Pending[] {
    const batch = takeBatch(this.#queue)
    this.#lastSize = batch.length
    for (const { bytes } of batch) this.#queuedBytes -= bytes
    return batch
  }

  /** @param history in which the batch was taken from the queue */
  async #deliver(batch: readonly Pending[], history = this.#history): Promise<void> {
    let live = batch
    for (let attempt = 1; live.length > 0;) {
      if (history !== this.#history) return live.forEach(refuseForgotten)
      try {
        await this.#send(live)
        return
      } catch (error) {
        if (error instanceof ConnectionLost) {
          this.#deps.logger.warn({ err: error.cause }, 'the connection broke during an append')
          live = await this.#restore(live)
        } else if (!TRANSIENT.has(sqlState(error) ?? '') && isExhausted(error)) {
          // a full disk takes none of them: tried one by one they would only keep it busy
          for (const pending of live) pending.reject(asUnavailable(error, false))
          return
        } else if (!TRANSIENT.has(sqlState(error) ?? '')) {
          await this.#oneByOne(live, history, error)
          return
        } else if (++attempt > MAX_ATTEMPTS) {
          for (const pending of live) pending.reject(unavailable('The database is too busy.'))
          return
        } else {
          await this.#deps.clock.sleep(this.#deps.rng.int(JITTER_MS))
        }
      }
    }
  }

  /** One group that the database can't take must not fail those that it shared a batch with. */
  async #oneByOne(batch: readonly Pending[], history: number, error: unknown): Promise<void> {
    const [first, ...others] = batch
    if (others.length === 0) first?.reject(error)
    else for (const pending of batch) await this.#deliver([pending], history)
  }

  async #send(batch: readonly Pending[]): Promise<void> {
    const { link, names, clock } = this.#deps
    const history = this.#history
    this.#inFlight = true
    try {
      const [first] = batch
      if (first?.placed !== undefined) return await this.#sendPlaced(first, first.placed)
      await names.make(batch.flatMap(namesOf), link)
      if (await this.#sendPlain(batch, history)) return
      const { encoded, unknown } = encodeBatch(batch, names, clock.now())
      if (encoded.groups.length > 0) {
        const [row] = await link.query<AppendRow>(encoded.statement, [...encoded.values])
        if (row === undefined) throw new TypeError('the append gave no answer')
        this.#settle(encoded, decodeResult(row), history)
      }
      for (const pending of unknown) pending.resolve({ outcome: 'conflict' })
    } finally {
      this.#inFlight = false
    }
  }

  async #sendPlaced(pending: Pending, item: PlacedItem): Promise<void> {
    const { link, names, clock } = this.#deps
    const result = await appendPlaced(item, names, link, clock.now())
    item.ref.pos ??= result.pos
    // what it changed is more than the event tells: the tail reads it back
    this.#deps.reach(result.head).then(
      () => pending.resolve({ outcome: result.conflict ? 'conflict' : 'ok' }),
      (error: unknown) => pending.reject(error),
    )
  }

  /** False when the batch needs the general way; then nothing has happened. */
  async #sendPlain(batch: readonly Pending[], history: number): Promise<boolean> {
    const { link, names, clock } = this.#deps
    const plain = plainBatch(batch)
    const result = plain && (await appendPlain(plain.items, names, link, clock.now()))
    if (plain === undefined || result === undefined) return false
    this.#settle(plain.batch, result, history)
    return true
  }

  #settle(batch: Batch, result: AppendResult, history: number): void {
    if (history !== this.#history) return batch.groups.forEach(refuseForgotten)
    for (const [index, item] of batch.events.entries()) item.ref.pos ??= result.events.pos[index]
    const { applied, dictionary } = this.#deps
    const entries = result.base < applied.head ? undefined : ownEntries(batch, result, dictionary)
    if (entries !== undefined) {
      if (result.base === applied.head) applied.apply(entries, result.head)
      else applied.park(result.base, entries, result.head)
    }
    if (result.head <= applied.head) {
      for (const [index, pending] of batch.groups.entries()) {
        pending.resolve(outcomeOf(result, index))
      }
      return
    }
    this.#deps.reach(result.head).then(
      () => batch.groups.forEach((pending, index) => pending.resolve(outcomeOf(result, index))),
      (error: unknown) => batch.groups.forEach((pending) => pending.reject(error)),
    )
  }

  /** Waits for the connection, refusing meanwhile what is overdue; returns what of `live` is not. */
  async #restore(live: readonly Pending[]): Promise<readonly Pending[]> {
    const rest = [...live]
    let stop = () => {}
    // an attempt may take long where the network swallows it, so attempts can't be the rhythm
    const look = () => {
      this.#refuseOverdue(rest)
      stop = this.#deps.clock.after(OVERDUE_MS, look)
    }
    look()
    await this.#deps.link.restore(() => {
      this.#refuseOverdue(rest)
      return !this.#closed
    })
    stop()
    if (this.#closed && !this.#deps.link.isReady) this.#refuseOverdue(rest)
    return rest
  }

  /** Refuses what has waited too long, or all when the database is away while the server stops. */
  #refuseOverdue(live: Pending[] = []): void {
    const now = this.#deps.clock.monotonic()
    const hopeless = this.#closed && !this.#deps.link.isReady
    // who came first is overdue first
    const first = Math.min(live[0]?.deadline ?? Infinity, this.#queue[0]?.deadline ?? Infinity)
    if (first > now && !hopeless) return
    const isPatient = (pending: Pending) => {
      if (pending.deadline > now && !hopeless) return true
      pending.reject(unavailable('The database cannot be reached at the moment.'))
      return false
    }
    live.splice(0, live.length, ...live.filter(isPatient))
    const rest = this.#queue.filter(isPatient)
    if (rest.length === this.#queue.length) return
    this.#queue.splice(0, this.#queue.length, ...rest)
    this.#queuedBytes = rest.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}

function refuseForgotten(pending: Pending): void {
  pending.reject(unavailable('The database was replaced by an older copy. Try again.'))
}

function namesOf(pending: Pending) {
  return pending.group.filter((item) => item.kind === 'event')
}

function outcomeOf(result: AppendResult, index: number): AppendOutcome {
  const outcome = result.outcomes[index]
  if (outcome === Outcome.ok || outcome === Outcome.exists) return { outcome: 'ok' }
  if (outcome !== Outcome.duplicate) return { outcome: 'conflict' }
  return { outcome: 'duplicate', eventId: parseEventId(result.duplicates[index] ?? '') }
}
