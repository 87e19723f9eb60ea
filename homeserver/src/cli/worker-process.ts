import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '#platform/clock.ts'
import { fromWorker, type FromWorker, type ToWorker } from './worker-messages.ts'

/** Beside this file, whether it is the source or in the bundle. */
const PROGRAM = fileURLToPath(new URL(`worker-main${extname(import.meta.url)}`, import.meta.url))

/** How a worker process ended. */
export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What a worker said when it was ready. */
export interface WorkerReady {
  /** Where nobody has an account yet: the token of the set-up link. */
  readonly setupToken: string | undefined
}

/** One worker as its supervisor sees it: a child process with the connections that were given to it. */
export class WorkerProcess {
  readonly pid: number | undefined
  readonly ended: Promise<WorkerEnd>
  readonly #child: ChildProcess
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #ready = Promise.withResolvers<WorkerReady>()
  #state: 'starting' | 'ready' | 'leaving' | 'ended' = 'starting'
  #open = 0
  /** Sent and not yet taken, the oldest first. */
  #untaken: { readonly socket: Socket; readonly since: number }[] = []

  /** @param args the command line of `hearth serve`, which the worker reads as well */
  constructor(
    args: readonly string[],
    deps: { readonly databaseUrl: string; readonly clock: Pick<Clock, 'monotonic'> },
  ) {
    this.#clock = deps.clock
    this.#child = fork(PROGRAM, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.pid = this.#child.pid
    this.#child.on('message', (message) => this.#hear(fromWorker(message)))
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }))
      // it could not be started, or a message to it was lost with it
      this.#child.on('error', () => {
        if (this.pid === undefined) resolve({ code: null, signal: null })
      })
    })
    void this.ended.then(() => {
      this.#state = 'ended'
    })
    this.#say({ kind: 'start', databaseUrl: deps.databaseUrl })
  }

  /** Resolves once it can serve; undefined when it ended before. */
  async ready(): Promise<WorkerReady | undefined> {
    return await Promise.race([this.#ready.promise, this.ended.then(() => undefined)])
  }

  /** True while it may be given connections. */
  get isServing(): boolean {
    return this.#state === 'ready'
  }

  get hasEnded(): boolean {
    return this.#state === 'ended'
  }

  /** Connections that it has and that are on their way to it. */
  get load(): number {
    return this.#open
  }

  /** For how many milliseconds the oldest connection on its way has not been taken. */
  get silence(): number {
    const oldest = this.#untaken[0]
    return oldest === undefined ? 0 : this.#clock.monotonic() - oldest.since
  }

  /** Hands it a connection, of which nothing may have been read. */
  give(socket: Socket): void {
    this.#open += 1
    this.#untaken.push({ socket, since: this.#clock.monotonic() })
    this.#say({ kind: 'connection' }, socket)
  }

  /** After its end: the connections that never left this process. */
  takeBack(): Socket[] {
    const kept = this.#untaken.map(({ socket }) => socket).filter(isStillOurs)
    this.#untaken = []
    return kept
  }

  /** Asks it to finish its requests and to end. */
  stop(): void {
    if (this.#state !== 'ended') this.#state = 'leaving'
    this.#say({ kind: 'stop' })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #say(message: ToWorker, socket?: Socket): void {
    // what can't be told to a worker that has just ended is told by its end
    this.#child.send(message, socket, () => undefined)
  }

  #hear(message: FromWorker | undefined): void {
    switch (message?.kind) {
      case 'ready':
        if (this.#state === 'starting') this.#state = 'ready'
        this.#ready.resolve({ setupToken: message.setupToken })
        break
      case 'taken':
        this.#untaken.shift()
        break
      case 'closed':
        this.#open -= 1
        break
      case 'draining':
        if (this.#state !== 'ended') this.#state = 'leaving'
        break
      case undefined:
        break
    }
  }
}

/** A socket that went out has lost its handle here, and with it its address. */
function isStillOurs(socket: Socket): boolean {
  return !socket.destroyed && socket.remoteAddress !== undefined
}
