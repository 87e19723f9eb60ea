import { parseArgs } from 'node:util'

/** An option of a command line. */
export interface Option {
  /** What stands for its value in the help; without it the option is a switch. */
  readonly value?: string
  readonly describe: string
}

/** The arguments after a command's name, parsed. */
export interface Arguments {
  /** undefined when the option was not given. */
  text(name: string): string | undefined
  /** @throws {UsageError} when it is no whole number from 0 */
  number(name: string): number | undefined
  has(name: string): boolean
  /** As they were given. */
  readonly raw: readonly string[]
  readonly positionals: readonly string[]
}

/** One subcommand of `hearth`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What the help says beyond the options. */
  readonly details?: string
  /** Names of its positional arguments. */
  readonly positionals?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** @returns the exit code */
  run(args: Arguments): Promise<number>
}

/** The command line makes no sense; the message says why. */
export class UsageError extends Error {}

/** Options that several commands share. */
export const COMMON_OPTIONS = {
  config: { value: 'FILE', describe: 'configuration file (default: homeserver.yaml, when there)' },
  data: { value: 'DIR', describe: 'data folder (default: .data)' },
} as const satisfies Record<string, Option>

/** @throws {UsageError} */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const { values, positionals } = parse(command, argv)
  const wanted = command.positionals ?? []
  if (positionals.length > wanted.length) {
    throw new UsageError(`unexpected argument "${positionals[wanted.length]}"`)
  }
  const text = (name: string) => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    text,
    raw: argv,
    positionals,
    has: (name) => values[name] === true,
    number(name) {
      const value = text(name)
      if (value === undefined) return undefined
      if (!/^\d{1,9}$/.test(value)) throw new UsageError(`--${name} needs a number, not "${value}"`)
      return Number(value)
    },
  }
}

function parse(command: Command, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: { describe: '' } }).map(([name, option]) => [
      name,
      { type: 'value' in option ? ('string' as const) : ('boolean' as const) },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
