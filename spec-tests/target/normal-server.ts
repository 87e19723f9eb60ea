import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A Hearth started as people start it: no test mode. */
export interface NormalServer extends AsyncDisposable {
  readonly url: string
  /** The one-time link of a first start; undefined later. */
  readonly setupLink: string | undefined
  readonly output: () => string
  /** Sends the signal and resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/**
 * `npm start` over a data folder, with the machine's own Node.
 * @throws {Error} with the output when it ends before it is ready
 */
export async function startNormalServer(data: string, port: number): Promise<NormalServer> {
  const start = join(root, 'homeserver/bin/start.mjs')
  const child = spawn('node', [start, '--port', String(port), '--data', data], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const announced = Promise.withResolvers<string>()
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
    const [, url, rest = ''] = /^ready (http\S+)$([\s\S]*)/m.exec(output) ?? []
    // what follows `ready` is one announcement: its last line tells where data lies, or the link
    if (url !== undefined && rest.trimEnd().includes('\n')) announced.resolve(url)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  child.once('exit', (code) => announced.reject(new Error(`Ended with ${code}:\n${output}`)))
  const url = await announced.promise
  return {
    url,
    get setupLink() {
      return /(http\S+#\/setup\?token=\S+)/.exec(output)?.[1]
    },
    output: () => output,
    stop: (signal) => stop(child, signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop(child, 'SIGTERM')
    },
  }
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  child.kill(signal)
  return exited
}
