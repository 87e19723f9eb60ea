import { Socket } from 'node:net'
import { createContext } from '#context'
import { parseArguments } from './command.ts'
import { serve } from './serve.ts'
import { readSettings } from './settings.ts'
import { stopRequest } from './stop-request.ts'
import { toWorker, type FromWorker } from './worker-messages.ts'

/**
 * Serves the connections that the supervising process hands over, until that says stop, ends, or
 * this process gets SIGTERM. Ctrl-C reaches the whole process group; it is the supervisor's to act on.
 * @param argv the command line of `hearth serve`
 * @returns the exit code
 */
export async function runWorker(argv: readonly string[]): Promise<number> {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const supervisor = new SupervisorChannel()
  const settings = readSettings(parseArguments(serve, argv))
  const stop = stopRequest(settings.logger, ['SIGTERM'])
  try {
    const databaseUrl = await supervisor.databaseUrl
    await using context = await createContext({ ...settings, databaseUrl })
    const setupToken = await context.registration.ensureSetupToken()
    supervisor.serve((socket) => {
      context.accept(socket)
      socket.once('close', () => supervisor.say({ kind: 'closed' }))
    })
    supervisor.say({ kind: 'ready', setupToken })
    const code = await Promise.race([stop.asked, supervisor.stopped])
    supervisor.say({ kind: 'draining' })
    return code
  } catch (error) {
    settings.logger.error({ err: error }, 'the worker cannot serve')
    return 1
  } finally {
    stop.dispose()
  }
}

/** The other end of the supervisor's {@link WorkerProcess}. */
class SupervisorChannel {
  readonly databaseUrl: Promise<string>
  /** Resolves with the exit code once the supervisor wants an end. */
  readonly stopped: Promise<number>
  readonly #stop = Promise.withResolvers<number>()
  readonly #start = Promise.withResolvers<string>()
  #serve: (socket: Socket) => void = (socket) => void socket.destroy()

  constructor() {
    this.databaseUrl = this.#start.promise
    this.stopped = this.#stop.promise
    process.on('message', (message, handle) => this.#hear(message, handle))
  }

  serve(serve: (socket: Socket) => void): void {
    this.#serve = serve
  }

  say(message: FromWorker): void {
    // a supervisor that is gone needs no telling
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  }

  #hear(message: unknown, handle: unknown): void {
    const told = toWorker(message)
    switch (told?.kind) {
      case 'start':
        this.#start.resolve(told.databaseUrl)
        break
      case 'connection':
        this.#take(handle)
        break
      case 'stop':
        this.#stop.resolve(0)
        break
      case undefined:
        break
    }
  }

  #take(handle: unknown): void {
    this.say({ kind: 'taken' })
    // the client may have gone while its connection was on its way
    if (handle instanceof Socket) this.#serve(handle)
    else this.say({ kind: 'closed' })
  }
}
