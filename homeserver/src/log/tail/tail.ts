import { PipelinedClient, type Statement } from '#db/pipelined-client.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { unavailable } from '#matrix/errors.ts'
import type { Epochs } from '../epochs/epochs.ts'
import { HINTS_CHANNEL } from '../hints/hints.ts'
import { PLANNER_SETTINGS } from '../read/connections.ts'
import type { EventDecoder } from '../read/decode-events.ts'
import type { Applied } from './applied.ts'
import { TAIL, type TailRow } from './arms.ts'
import { decodeRows } from './decode-rows.ts'

/** Positions in one reading; bounds memory when a worker is far behind. */
const WINDOW = 500
/** A lost notification delays an entry by at most this. */
const NET_MS = 1_000
const RETRY_MS = 100
/** How long others' news may wait while this worker writes: its next append has to be read up to anyway. */
const BUSY_MS = 5
/** How long a caller waits for the tail before it is told to try again. */
const PATIENCE_MS = 15_000

/**
 * For a history that was cut without Postgres showing it, as where an older copy of the files was put
 * back: positions that clients know will be used again. Of several workers that notice one begins it.
 */
const BEGIN_EPOCH: Statement = {
  name: 'begin_epoch',
  text: `SELECT hs_begin_epoch($1, 'cut') FROM stream WHERE tag = $2 AND last_pos <= $3`,
}

export interface TailDeps {
  readonly url: string
  readonly applied: Applied
  readonly decoder: EventDecoder
  readonly epochs: Epochs
  readonly clock: Clock
  readonly logger: Logger
  /** Called when the log continues from another history, before the head is set back. */
  onCut(): void
  /** True while a batch of this backend is on its way: its notification needs no reading. */
  isOwn(backend: number | undefined): boolean
  /** True while a batch of this worker is on its way or being gathered. */
  isWriting(): boolean
  /** Takes what another worker, or this one, notified on the hints' channel. */
  onHint(payload: string): void
}

/**
 * Reads the log after this worker's head: on a notification, and every second as a net. Its
 * connection listens and never opens a transaction, since a listener in one blocks the queue.
 */
export class Tail implements AsyncDisposable {
  readonly #deps: TailDeps
  readonly #client: PipelinedClient
  readonly #closing = new AbortController()
  #reading: Promise<void> | undefined
  #again = false
  #failure: unknown
  #currentAt: number
  #stopNet: () => void = () => undefined
  /** The highest position that others told of. */
  #told = 0
  #stopWaiting: (() => void) | undefined
  #readings: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(deps: TailDeps) {
    this.#deps = deps
    this.#currentAt = deps.clock.monotonic()
    this.#client = new PipelinedClient({
      url: deps.url,
      applicationName: 'hearth tail',
      clock: deps.clock,
      logger: deps.logger,
      onConnect: async (run) => {
        await run(PLANNER_SETTINGS)
        await run(`LISTEN hearth_log; LISTEN ${HINTS_CHANNEL}`)
      },
      onNotification: ({ channel, payload, processId }) => {
        if (channel === HINTS_CHANNEL) deps.onHint(payload ?? '')
        else if (!deps.isOwn(processId)) this.#hear(Number(payload))
      },
    })
  }

  /** @throws the connection's error */
  async connect(): Promise<void> {
    await this.#client.connect()
  }

  /** Sets the head to the log's end, and reads on from there. */
  async start(): Promise<void> {
    const rows = await this.#client.query<TailRow>(TAIL, [Number.MAX_SAFE_INTEGER, 0])
    const end = rows.find((row) => row.kind === 'head')
    if (end === undefined) throw new TypeError('the log has no head')
    this.#deps.applied.reset(end.pos)
    this.#currentAt = this.#deps.clock.monotonic()
    this.#net()
  }

  /** The last reading's failure; undefined when it worked. */
  get failure(): unknown {
    return this.#failure
  }

  /** Milliseconds since the head was last seen at the log's end; about a second when all is well. */
  get behindMs(): number {
    return this.#deps.clock.monotonic() - this.#currentAt
  }

  /** Connects anew: the present connection may lead to a database that is no longer the right one. */
  renew(): void {
    this.#client.renew()
  }

  /** Reads soon; does not wait. */
  poke(): void {
    this.#again = true
    this.#reading ??= this.#run()
  }

  /**
   * Resolves after a reading that began after the call.
   * @throws {MatrixError} 503 when the database stays away
   */
  async catchUp(): Promise<void> {
    this.#readings ??= Promise.withResolvers<void>()
    const { promise } = this.#readings
    this.poke()
    await this.#patiently(promise)
  }

  /**
   * Resolves once the head is at least `pos`, reading on if need be.
   * @throws {MatrixError} 503 when the database stays away
   */
  async reach(pos: number): Promise<void> {
    if (pos <= this.#deps.applied.head) return
    this.poke()
    await this.#patiently(this.#deps.applied.reached(pos))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#stopNet()
    this.#stopWaiting?.()
    await this.#client.close()
    await this.#reading
  }

  /** Others have appended. While this worker writes, several of their batches are read at once. */
  #hear(pos: number): void {
    const { applied, clock } = this.#deps
    this.#told = Math.max(this.#told, pos)
    if (this.#told <= applied.head || this.#stopWaiting !== undefined) return
    if (!this.#deps.isWriting()) return this.poke()
    this.#stopWaiting = clock.after(BUSY_MS, () => {
      this.#stopWaiting = undefined
      if (this.#told > applied.head) this.poke()
    })
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false
      const waiting = this.#readings
      this.#readings = undefined
      try {
        while (await this.#read()) this.#closing.signal.throwIfAborted()
        this.#failure = undefined
        this.#currentAt = this.#deps.clock.monotonic()
        waiting?.resolve()
      } catch (error) {
        if (this.#closing.signal.aborted) break
        this.#failure = error
        this.#deps.logger.warn({ err: error }, 'the log could not be read, trying again')
        await this.#deps.clock.sleep(RETRY_MS, this.#closing.signal)
        if (waiting !== undefined) void this.catchUp().then(waiting.resolve, () => undefined)
        this.#again = true
      }
    }
    // in the same step as the look at the flag, or a poke between the two would be lost
    this.#reading = undefined
  }

  /** Reads one window; true when there is more. */
  async #read(): Promise<boolean> {
    const { applied, epochs, logger } = this.#deps
    const from = applied.head
    const until = Math.min(from + WINDOW, applied.readUpTo)
    const rows = await this.#client.query<TailRow>(TAIL, [from, until])
    const end = rows.find((row) => row.kind === 'head')
    if (end === undefined) throw new TypeError('the log has no head')
    const tag = Number(end.data)
    const known = epochs.tag
    if (tag < known || (tag === known && end.pos < from)) {
      logger.error(
        { head: from, end: end.pos },
        'the end of the log is gone, beginning a new epoch',
      )
      await this.#client.query(BEGIN_EPOCH, [known, tag, end.pos])
      return true
    }
    if (tag !== known) {
      logger.warn({ tag, head: from, end: end.pos }, 'the log continues from another history')
      const adopt = await epochs.read(this.#client)
      adopt()
      this.#told = 0
      this.#deps.onCut()
      applied.reset(Math.min(from, end.pos, epochs.sharedUpTo(known)))
      return true
    }
    const entries = await decodeRows(
      rows.filter((row) => row.kind !== 'head'),
      this.#deps.decoder,
    )
    applied.apply(entries, Math.min(end.pos, until))
    return end.pos > applied.head
  }

  #net(): void {
    this.#stopNet = this.#deps.clock.after(NET_MS, () => {
      this.poke()
      this.#net()
    })
  }

  async #patiently(promise: Promise<void>): Promise<void> {
    const enough = new AbortController()
    const late = this.#deps.clock
      .sleep(PATIENCE_MS, enough.signal)
      .then(() => (enough.signal.aborted ? undefined : 'late'))
    const result = await Promise.race([promise, late])
    enough.abort()
    if (result === 'late') throw unavailable('The server cannot read its log at the moment.')
  }
}
