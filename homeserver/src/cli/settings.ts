import { loadConfig } from '#config/load.ts'
import type { Config } from '#config/schema/config.ts'
import { MAX_WORKERS } from '#config/schema/workers.ts'
import { systemClock } from '#platform/clock.ts'
import { createLogger, type Logger } from '#platform/logger.ts'
import { systemRng } from '#platform/rng.ts'
import { choosePolicies, type PolicyChoice } from '#policies/policies.ts'
import { UsageError, type Arguments } from './command.ts'

/** What every command that touches the server starts from. */
export interface Settings extends PolicyChoice {
  readonly config: Config
  readonly logger: Logger
  readonly clock: typeof systemClock
  readonly rng: typeof systemRng
}

/**
 * Configuration and policies from the command line, the file and the environment.
 * @throws {ConfigError}, {TestModeRefused} or {UsageError}
 */
export function readSettings(args: Arguments): Settings {
  const config = loadConfig({
    file: args.text('config'),
    cwd: process.cwd(),
    env: process.env,
    overrides: {
      host: args.text('host'),
      port: args.number('port'),
      data: args.text('data'),
      workers: workersOption(args),
    },
  })
  return {
    config,
    ...choosePolicies(config, process.env),
    logger: createLogger(config.logging.level),
    clock: systemClock,
    rng: systemRng,
  }
}

function workersOption(args: Arguments): number | undefined {
  const workers = args.number('workers')
  if (workers === undefined || (workers >= 1 && workers <= MAX_WORKERS)) return workers
  throw new UsageError(`--workers takes a number from 1 to ${MAX_WORKERS}`)
}
