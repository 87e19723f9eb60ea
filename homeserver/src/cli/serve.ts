import { announceTestMode } from '#policies/policies.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
import { readSettings } from './settings.ts'
import { stopRequest } from './stop-request.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Starts the homeserver and runs it until SIGTERM or Ctrl-C',
  details:
    'Prints "ready <url>" on a line of its own when it answers. Without a configuration it serves\n' +
    'localhost with its own Postgres in the data folder; the first start prints a one-time link\n' +
    'that makes the administrator.',
  options: {
    ...COMMON_OPTIONS,
    host: { value: 'HOST', describe: 'address to listen on (default: 127.0.0.1)' },
    port: { value: 'PORT', describe: 'port to listen on (default: 8008; 0: any free one)' },
    workers: { value: 'N', describe: 'server processes to run (default: 1)' },
  },
  async run(args) {
    const settings = readSettings(args)
    const { logger, clock } = settings
    const stop = stopRequest(logger)
    const silence = settings.testMode ? announceTestMode(logger, clock) : () => {}
    try {
      // either way is loaded when it is taken: who supervises has no use for a server's modules
      if (settings.config.workers === 1) {
        const { serveAlone } = await import('./serve-alone.ts')
        return await serveAlone(settings, stop.asked)
      }
      const { serveByWorkers } = await import('./serve-by-workers.ts')
      return await serveByWorkers(settings, args.raw, stop.asked)
    } finally {
      silence()
      stop.dispose()
    }
  },
}
