import { WORKERS_LOCK } from '#db/functions/locks.ts'
import type { Statement } from '#db/pipelined-client.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Reader } from '../read/connections.ts'
import { ConnectionLost, WriterConnection, type Backend } from './writer-connection.ts'

const FIRST_RETRY_MS = 20
const LAST_RETRY_MS = 1_000
/** The spare has one task, which takes 5 s at most: it need not be waited for as long as the writer. */
const SPARE_SILENCE_MS = 7_000

const CHECK_EPOCH: Statement = {
  name: 'check_epoch',
  text: 'SELECT c.tag, s.last_pos AS pos FROM (SELECT hs_check_epoch() AS tag) c, stream s',
}

/** Tells the other workers that there is one more to notify; released with the connection. */
const JOIN_WORKERS: Statement = {
  name: 'join_workers',
  text: `SELECT pg_advisory_lock_shared(${WORKERS_LOCK})`,
}

/** Waits for the process to end, so that nothing it had in hand can be committed later. */
const TERMINATE: Statement = {
  name: 'terminate',
  text: `SELECT pg_terminate_backend(pid, 5000) AS done FROM pg_stat_activity
    WHERE pid = $1 AND extract(epoch FROM backend_start)::text = $2`,
}

export interface WriterLinkDeps {
  readonly url: string
  readonly clock: Clock
  readonly logger: Logger
  /**
   * Called on every new connection with the tag of the history it writes to and that history's end,
   * before anything is written.
   */
  onConnect(tag: number, end: number): Promise<void>
  /** Called when the writer's connection is gone. */
  onLost(): void
}

/**
 * The writer's connection and its spare. When the writer is lost, its server process may still be
 * working: the spare ends that process before anything is written again, so that a late commit
 * can't put old data over newer.
 */
export class WriterLink implements Reader, AsyncDisposable {
  readonly #deps: WriterLinkDeps
  readonly #closing = new AbortController()
  #writer: WriterConnection | undefined
  #spare: Promise<WriterConnection | undefined> | undefined
  #old: Backend | undefined

  constructor(deps: WriterLinkDeps) {
    this.#deps = deps
  }

  get isReady(): boolean {
    return this.#writer?.isOpen ?? false
  }

  /** Server process of the writer. */
  get backend(): number | undefined {
    return this.#writer?.backend.pid
  }

  /** @throws {ConnectionLost} when the connection breaks or is not there; call {@link restore} */
  async query<Row extends object>(statement: Statement, values?: unknown[]): Promise<Row[]> {
    if (this.#writer === undefined) throw new ConnectionLost('not connected')
    return await this.#writer.query<Row>(statement, values)
  }

  /**
   * Connects anew once the old server process is gone, trying until it works.
   * @param onAttempt called after each failed attempt; false gives up
   */
  async restore(onAttempt: () => boolean): Promise<void> {
    for (let delay = FIRST_RETRY_MS; !this.#closing.signal.aborted;) {
      try {
        await this.connect()
        return
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the log cannot be written, connecting again')
        if (!onAttempt()) return
        await this.#deps.clock.sleep(delay, this.#closing.signal)
        delay = Math.min(delay * 2, LAST_RETRY_MS)
      }
    }
  }

  /** One attempt of {@link restore}. @throws the connection's error */
  async connect(): Promise<void> {
    if (this.isReady) return
    this.#old ??= this.#writer?.backend
    this.#writer = undefined
    const { url, clock } = this.#deps
    if (this.#old !== undefined) {
      await this.#terminate(this.#old)
      this.#old = undefined
    }
    const writer = await WriterConnection.open(url, 'hearth append', clock)
    try {
      await writer.query(JOIN_WORKERS)
      const [row] = await writer.query<{ tag: number; pos: number }>(CHECK_EPOCH)
      if (row !== undefined) await this.#deps.onConnect(row.tag, row.pos)
      this.#closing.signal.throwIfAborted()
    } catch (error) {
      await writer.close()
      throw error
    }
    this.#writer = writer
    writer.onLost(() => this.#deps.onLost())
    this.#spare ??= this.#openSpare()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    const spare = await this.#spare
    await Promise.all([this.#writer?.close(), spare?.close()])
  }

  async #terminate(backend: Backend): Promise<void> {
    const ready = await this.#spare
    this.#spare = undefined
    const spare = ready?.isOpen === true ? ready : await this.#newSpare()
    this.#spare = Promise.resolve(spare)
    const rows = await spare.query<{ done: boolean }>(TERMINATE, [backend.pid, backend.started])
    if (rows.some((row) => !row.done)) throw new Error('the old database process does not end')
  }

  #newSpare(): Promise<WriterConnection> {
    const { url, clock } = this.#deps
    return WriterConnection.open(url, 'hearth spare', clock, SPARE_SILENCE_MS)
  }

  async #openSpare(): Promise<WriterConnection | undefined> {
    try {
      return await this.#newSpare()
    } catch (error) {
      this.#deps.logger.debug({ err: error }, 'no spare connection')
      return undefined
    }
  }
}
