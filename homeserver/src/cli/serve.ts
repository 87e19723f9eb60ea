import { createContext } from '#context'
import { openDatabase, type OpenDatabase } from '#db/open-database.ts'
import { announceTestMode } from '#policies/policies.ts'
import { COMMON_OPTIONS, UsageError, type Arguments, type Command } from './command.ts'
import { readSettings, type Settings } from './settings.ts'
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
    workers: { value: 'N', describe: 'number of server processes; only 1 so far' },
  },
  async run(args) {
    requireOneWorker(args)
    const settings = readSettings(args)
    const { logger, clock } = settings
    const stop = stopRequest(logger)
    const silence = settings.testMode ? announceTestMode(logger, clock) : () => {}
    try {
      await using database = await openDatabase(settings)
      await using context = await createContext({ ...settings, databaseUrl: database.url })
      const { http } = settings.config
      const { url } = await context.listen(http.host, http.port)
      announce(url, context.setupLink, settings, database)
      return await stop.asked
    } finally {
      silence()
      stop.dispose()
    }
  },
}

function requireOneWorker(args: Arguments): void {
  const workers = args.number('workers') ?? 1
  if (workers === 1) return
  throw new UsageError(
    `this version runs one server process only, so --workers ${workers} can't be`,
  )
}

/** The lines that people and test tools read from standard output; everything else is log. */
function announce(
  url: string,
  setupLink: string | undefined,
  { config, testMode }: Settings,
  { embedded }: OpenDatabase,
): void {
  console.log(`ready ${url}`)
  const where = embedded === undefined ? 'on its own server' : `in ${embedded.folder}`
  console.log(`Data lies in ${config.data}, the database ${where}.`)
  if (setupLink !== undefined) {
    console.log(`Make the first account, the administrator, here (works once): ${setupLink}`)
  }
  if (!testMode) return
  const pids = () =>
    console.log(`pids server=${process.pid} postgres=${embedded?.postmasterPid ?? 'external'}`)
  pids()
  embedded?.onRestart(pids)
}
