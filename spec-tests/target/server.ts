import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { testFolder } from './test-folder.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Pids {
  /** The process to signal: with several workers the one that supervises them. */
  readonly server: number
  /** That process and its workers, if it has any. */
  readonly servers: readonly number[]
  readonly postgres: number
}

/** A Hearth started for a test by the same command that people use. */
export interface Target extends AsyncDisposable {
  readonly url: string
  readonly data: string
  readonly port: number
  /** As of now: a Postgres or worker that died alone was started again under another number. */
  readonly pids: () => Pids
  /** Everything the server wrote to standard output and standard error so far. */
  readonly output: () => string
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL to the server and its Postgres. */
  killAll(): Promise<void>
  /** SIGKILL to the server alone, with all its workers. */
  killServer(): Promise<void>
  readonly exited: Promise<number | null>
}

export interface TargetOptions {
  readonly data?: string
  readonly port?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Its own data folder lies on the disk, as a server's that is measured. */
  readonly onDisk?: boolean
  /** Keep the data folder after disposal. */
  readonly keepData?: boolean
}

/** Below those that systems give to outgoing connections: one that is stopped gets its port back. */
const PORTS = { from: 12_000, to: 32_000 } as const

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer()
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}

const START_TIMEOUT_MS = 120_000

/**
 * Starts `npm run serve:test` and waits for its `ready` and `pids` lines.
 * @throws {Error} with the server's output when it does not come up within two minutes
 */
export async function startServer(options: TargetOptions = {}): Promise<Target> {
  const parent = options.onDisk === true ? tmpdir() : testFolder()
  const data = options.data ?? mkdtempSync(join(parent, 'hearth-test-'))
  const port = options.port ?? (await freePort())
  const child = spawn(
    process.execPath,
    [
      join(root, 'homeserver/bin/start.mjs'),
      '--test',
      '--port',
      String(port),
      '--data',
      data,
      ...(options.args ?? []),
    ],
    { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const started = new StartedProcess(child)
  const url = await started.ready()
  const dropData = () => {
    if (options.data === undefined && options.keepData !== true) {
      rmSync(data, { recursive: true, force: true, maxRetries: 5 })
    }
  }
  return {
    url,
    data,
    port,
    pids: () => started.pids,
    output: () => started.output,
    exited: started.exited,
    stop: () => started.signal('SIGTERM'),
    async killServer() {
      started.pids.servers.forEach(kill)
      await started.exited
    },
    async killAll() {
      started.pids.servers.forEach(kill)
      kill(started.pids.postgres)
      await started.exited
    },
    async [Symbol.asyncDispose]() {
      await started.signal('SIGTERM')
      dropData()
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

class StartedProcess {
  output = ''
  readonly exited: Promise<number | null>
  readonly #child: ChildProcess
  readonly #ready = Promise.withResolvers<string>()
  #url: string | undefined
  #pids: Pids | undefined

  constructor(child: ChildProcess) {
    this.#child = child
    this.exited = new Promise((resolveExit) => {
      child.once('exit', (code) => resolveExit(code))
      child.once('error', () => resolveExit(null))
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => this.#line(line))
    }
    this.#ready.promise.catch(() => undefined)
  }

  get pids(): Pids {
    if (this.#pids === undefined) throw new Error('The server has not said its pids.')
    return this.#pids
  }

  /** The server's address, once it has said that and its pids. */
  async ready(): Promise<string> {
    const failed = this.exited.then((code): never => {
      throw new Error(`The server ended (${code}) before it was ready:\n${this.output}`)
    })
    const timeout = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      timeout.reject(new Error(`The server was not ready in time:\n${this.output}`))
    }, START_TIMEOUT_MS)
    failed.catch(() => undefined)
    try {
      return await Promise.race([this.#ready.promise, failed, timeout.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async signal(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal)
    return this.exited
  }

  #line(line: string): void {
    this.output += `${line}\n`
    const ready = /^ready (http\S+)$/.exec(line)
    if (ready?.[1] !== undefined) this.#url = ready[1]
    const pids = /^pids server=([\d,]+) postgres=(\d+)/.exec(line)
    if (pids !== null && this.#url !== undefined) {
      const servers = (pids[1] ?? '').split(',').map(Number)
      this.#pids = { server: servers[0] ?? 0, servers, postgres: Number(pids[2]) }
      this.#ready.resolve(this.#url)
    }
  }
}
