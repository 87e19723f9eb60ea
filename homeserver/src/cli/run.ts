import { BackupRefused } from '#backup/errors.ts'
import { ConfigError } from '#config/config-error.ts'
import { DatabaseRefused } from '#db/errors.ts'
import { MatrixError } from '#matrix/errors.ts'
import { TestModeRefused } from '#policies/test-mode.ts'
import { parseArguments, UsageError, type Command } from './command.ts'
import { commandHelp, overview } from './help.ts'
import { WorkerFailed } from './worker-failed.ts'

/** Loaded when asked for: the server's modules are many. */
const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  serve: {
    summary: 'start the homeserver',
    load: async () => (await import('./serve.ts')).serve,
  },
  'check-config': {
    summary: 'check the configuration and name the line of each mistake',
    load: async () => (await import('./check-config.ts')).checkConfig,
  },
  'create-user': {
    summary: 'make an account',
    load: async () => (await import('./create-user.ts')).createUser,
  },
  migrate: {
    summary: 'bring the database up to this version without starting the server',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  backup: {
    summary: 'copy the database, keys and files into a new folder, also while the server runs',
    load: async () => (await import('./backup.ts')).backup,
  },
  restore: {
    summary: 'put a backup into an empty data folder',
    load: async () => (await import('./restore.ts')).restore,
  },
  db: {
    summary: 'work on the database: begin a new epoch',
    load: async () => (await import('./db.ts')).db,
  },
  'generate-signing-key': {
    summary: 'make a signing key',
    load: async () => (await import('./generate-signing-key.ts')).generateSigningKey,
  },
}

/** Runs what the command line asks for and returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview(Object.entries(COMMANDS).map(([key, { summary }]) => [key, summary])))
    return name === undefined ? 2 : 0
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined) {
    console.error(`hearth: there is no command "${name}"; hearth --help lists them.`)
    return 2
  }
  const command = await entry.load()
  if (rest.includes('--help')) {
    console.log(commandHelp(command))
    return 0
  }
  try {
    return await command.run(parseArguments(command, rest))
  } catch (error) {
    return explain(error, name)
  }
}

/** What the operator can mend is one sentence; anything else is a fault of ours and shows its stack. */
function explain(error: unknown, name: string): number {
  if (error instanceof UsageError) {
    console.error(`hearth ${name}: ${error.message}. See hearth ${name} --help.`)
    return 2
  }
  const expected =
    error instanceof BackupRefused ||
    error instanceof ConfigError ||
    error instanceof DatabaseRefused ||
    error instanceof TestModeRefused ||
    error instanceof WorkerFailed ||
    error instanceof MatrixError ||
    isOutsideError(error)
  console.error(expected ? `hearth ${name}: ${error.message}${reasonOf(error)}` : error)
  return 1
}

/** What lies behind the sentence, such as the refused connection. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? ` (${error.cause.message})` : ''
}

/** A taken port, a missing file, a Postgres that does not let us in: the world's fault, not ours. */
function isOutsideError(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false
  // SQLSTATE 28: wrong user or password, 3D: no such database
  return /^(E[A-Z]+|28...|3D...)$/.test(error.code)
}
