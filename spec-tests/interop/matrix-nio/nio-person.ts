import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { at, stringAt } from '../../target/json.ts'

const PROGRAM = fileURLToPath(new URL('person.py', import.meta.url))

/** Why there is no matrix-nio here; undefined when there is. @throws {Error} with CI=true */
export function missingNio(): string | undefined {
  if (process.env['HEARTH_NIO'] !== undefined) return undefined
  const why = 'HEARTH_NIO names no Python with matrix-nio'
  if (process.env['CI'] === 'true') throw new Error(why)
  return why
}

/** A user of matrix-nio in a process of its own. Steps are taken one after the other. */
export class NioPerson implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting: PromiseWithResolvers<unknown>[] = []
  readonly #ended: Promise<void>
  #errors = ''

  /** @param user the full user id, or its localpart */
  constructor(url: string, user: string) {
    const python = process.env['HEARTH_NIO'] ?? 'no HEARTH_NIO'
    this.#child = spawn(python, ['-I', PROGRAM, url, user])
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()))
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line))
    })
    // the process that is gone says why
    this.#child.stdin.on('error', () => undefined)
    this.#ended = new Promise((done) => {
      this.#child.once('error', (error) => this.#giveUp(error))
      this.#child.once('close', () => {
        this.#giveUp(new Error(`matrix-nio ended:\n${this.#errors}`))
        done()
      })
    })
  }

  /** Calls a method of nio's AsyncClient. @returns its response, an error response too */
  async attempt(method: string, args: object = {}): Promise<unknown> {
    const saw = await this.#step({ call: method, args })
    if (at(saw, 'raised') !== undefined) {
      throw new Error(`${method}: nio raised ${JSON.stringify(saw)}`)
    }
    return saw
  }

  /** Calls a method of nio's AsyncClient. @throws {Error} when nio saw no success */
  async call(method: string, args: object = {}): Promise<unknown> {
    const saw = await this.attempt(method, args)
    if (stringAt(saw, 'is').endsWith('Error')) {
      throw new Error(`${method}: nio saw ${JSON.stringify(saw)}`)
    }
    return saw
  }

  /** What nio has no method for, by its HTTP layer. @returns `status` and `body` */
  http(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#step({ http: [method, path, body] })
  }

  /** What nio knows of a room after its last sync; null when nothing. */
  room(roomId: string): Promise<unknown> {
    return this.#step({ room: roomId })
  }

  /** Who nio believes to be: `user_id`, `device_id`, `logged_in`, `rooms`, `invited_rooms`. */
  self(): Promise<unknown> {
    return this.#step({ self: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    await this.#ended
  }

  #step(step: object): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.push(waiting)
    this.#child.stdin.write(`${JSON.stringify(step)}\n`)
    return waiting.promise
  }

  #giveUp(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }
}
