import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What the started process said first: either where Postgres is, or why not. */
export interface Announced {
  readonly pid: number
  readonly postgresPid: number
  readonly url: string
  readonly milliseconds: number
}

/** A process like the server's, which runs nothing but the embedded Postgres of a data folder. */
export class HearthProcess {
  readonly child: ChildProcess
  readonly #output: string[] = []
  readonly #first: Promise<string>

  constructor(data: string, elsewhere: string) {
    const program = fileURLToPath(new URL('run-postgres.ts', import.meta.url))
    this.child = spawn(process.execPath, [program, data, elsewhere], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    const { stdout } = this.child
    if (stdout === null) throw new TypeError('no output')
    this.#first = new Promise((resolve) => {
      const lines = createInterface({ input: stdout })
      lines.once('line', resolve)
      lines.on('line', (line) => this.#output.push(line))
      lines.once('close', () => resolve(this.#output.at(-1) ?? 'it said nothing'))
    })
  }

  /** @throws {Error} with what it said instead */
  async ready(): Promise<Announced> {
    const line = await this.#first
    if (!line.startsWith('{')) throw new Error(line)
    return JSON.parse(line) as Announced
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode
    const ended = once(this.child, 'exit')
    this.child.kill(signal)
    await ended
    return this.child.exitCode
  }
}
