import { ConfiguredServer, type ConfiguredOptions } from '../../target/configured-server.ts'
import { pause } from '../../target/pause.ts'
import type { Violations } from './violations.ts'

const START_PATIENCE_MS = 60_000
const RESTART_MS = 100

/**
 * One of several servers over one database, looked after as a service manager would: whenever its
 * process ends it is started again, on the same port.
 */
export class ServerProcess {
  readonly url: string
  readonly #options: ConfiguredOptions & { readonly port: number }
  readonly #violations: Violations
  #server: ConfiguredServer | undefined
  #output = ''
  #wasKilled = false
  #isClosing = false
  /** Faults of one process wait for each other: a stopped or starting one is not killed. */
  #faults: Promise<void> = Promise.resolve()

  constructor(options: ConfiguredOptions & { readonly port: number }, violations: Violations) {
    this.#options = options
    this.#violations = violations
    this.url = `http://127.0.0.1:${options.port}`
  }

  /** @throws {Error} with the output when it does not come up within a minute */
  async start(): Promise<void> {
    const deadline = performance.now() + START_PATIENCE_MS
    for (;;) {
      try {
        this.#server = await ConfiguredServer.start(this.#options)
        break
      } catch (error) {
        // without its database a server ends; whoever looks after it tries again
        if (performance.now() > deadline) throw error
        await pause(RESTART_MS)
      }
    }
    this.#wasKilled = false
    const server = this.#server
    void server.exited.then(() => {
      this.#output += server.output
      if (!this.#wasKilled && !this.#isClosing) {
        this.#violations.add(`${this.url} ended by itself:\n${server.output.slice(-2000)}`)
      }
    })
  }

  /** SIGKILL, then a new start. Resolves when it is up again. */
  killAndRestart(): Promise<void> {
    return this.#inTurn(async () => {
      const server = this.#server
      if (server === undefined) throw new Error('It was never started.')
      this.#wasKilled = true
      process.kill(server.pid, 'SIGKILL')
      await server.exited
      await this.start()
    })
  }

  /** SIGSTOP, and SIGCONT after the time. */
  stopFor(ms: number): Promise<void> {
    return this.#inTurn(async () => {
      const pid = this.#server?.pid
      if (pid === undefined) throw new Error('It was never started.')
      process.kill(pid, 'SIGSTOP')
      await pause(ms)
      process.kill(pid, 'SIGCONT')
    })
  }

  /** What all its processes wrote. */
  get output(): string {
    return this.#output + (this.#server?.output ?? '')
  }

  async close(): Promise<void> {
    await this.#faults.catch(() => undefined)
    this.#isClosing = true
    await this.#server?.[Symbol.asyncDispose]()
  }

  #inTurn(fault: () => Promise<void>): Promise<void> {
    this.#faults = this.#faults.then(fault)
    return this.#faults
  }
}
