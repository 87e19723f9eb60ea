import type { Socket } from 'node:net'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { chooseWorker } from './choose-worker.ts'
import { WorkerFailed } from './worker-failed.ts'
import type { WorkerProcess, WorkerReady } from './worker-process.ts'

const FIRST_DELAY_MS = 50
const LAST_DELAY_MS = 10_000
/** A worker that served this long was healthy: the next end starts the back-off anew. */
const HEALTHY_MS = 60_000
/** Longer than a worker takes to drain; one that takes still longer is killed. */
const DRAIN_MS = 20_000

export interface WorkerPoolDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** Starts the process of one worker. */
  readonly spawn: () => WorkerProcess
  /** Called when the worker of a place was replaced and serves. */
  readonly onReplaced: () => void
}

/**
 * The workers of one host: as many as were asked for, each replaced when it ends. New connections
 * go to the worker that has the fewest.
 */
export class WorkerPool {
  readonly #deps: WorkerPoolDeps
  readonly #stopping = new AbortController()
  /** By place; the process in a place changes when it is replaced. */
  readonly #workers: WorkerProcess[]
  #watches: readonly Promise<void>[] = []
  /** Connections that came while no worker served. */
  #waiting: Socket[] = []

  constructor(count: number, deps: WorkerPoolDeps) {
    this.#deps = deps
    this.#workers = Array.from({ length: count }, () => deps.spawn())
  }

  /** Process ids, by place. */
  get pids(): number[] {
    return this.#workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /**
   * Resolves once all serve.
   * @throws {WorkerFailed} when one ends before; the others are stopped then
   */
  async start(): Promise<WorkerReady> {
    const answers = await Promise.all(this.#workers.map((worker) => worker.ready()))
    const [first] = answers
    if (first === undefined || answers.includes(undefined)) {
      await this.stop()
      throw new WorkerFailed()
    }
    this.#watches = this.#workers.map((_, place) => this.#watch(place))
    return first
  }

  /** Gives a connection to a worker, or keeps it until there is one. */
  deal(socket: Socket): void {
    const worker = chooseWorker(this.#workers)
    if (worker === undefined) this.#waiting.push(socket)
    else worker.give(socket)
  }

  /** Lets all workers finish what they have. @returns false when one failed at it */
  async stop(): Promise<boolean> {
    this.#stopping.abort()
    for (const socket of this.#waiting) socket.destroy()
    const cancel = this.#deps.clock.after(DRAIN_MS, () => {
      this.#deps.logger.error('a worker does not end, killing it')
      for (const worker of this.#workers) worker.kill()
    })
    const living = this.#workers.filter((worker) => !worker.hasEnded)
    for (const worker of living) worker.stop()
    const ends = await Promise.all(living.map((worker) => worker.ended))
    cancel()
    await Promise.all(this.#watches)
    return ends.every(({ code }) => code === 0)
  }

  async #watch(place: number): Promise<void> {
    const { clock } = this.#deps
    const { signal } = this.#stopping
    for (let delay = FIRST_DELAY_MS; !signal.aborted;) {
      const worker = this.#workers[place]
      if (worker === undefined) return
      const since = clock.monotonic()
      const end = await worker.ended
      if (signal.aborted) return
      const log = { worker: worker.pid, ...end }
      if (end.code === 0) this.#deps.logger.info(log, 'a worker was asked to end, starting another')
      else this.#deps.logger.error(log, 'a worker ended, starting another')
      if (clock.monotonic() - since > HEALTHY_MS) delay = FIRST_DELAY_MS
      for (const socket of worker.takeBack()) this.deal(socket)
      await clock.sleep(delay, signal)
      if (signal.aborted) return
      delay = Math.min(delay * 2, LAST_DELAY_MS)
      await this.#replace(place)
    }
  }

  async #replace(place: number): Promise<void> {
    const worker = this.#deps.spawn()
    this.#workers[place] = worker
    if ((await worker.ready()) === undefined) return
    this.#deps.logger.info({ worker: worker.pid }, 'the new worker serves')
    const waiting = this.#waiting
    this.#waiting = []
    for (const socket of waiting) this.deal(socket)
    if (!this.#stopping.signal.aborted) this.#deps.onReplaced()
  }
}
