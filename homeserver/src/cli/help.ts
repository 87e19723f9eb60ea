import type { Command } from './command.ts'

/** The help of one command. */
export function commandHelp(command: Command): string {
  const positionals = (command.positionals ?? []).map((name) => ` <${name}>`).join('')
  const all: Command['options'] = { ...command.options, help: { describe: 'show this help' } }
  const options = Object.entries(all).map(([name, { value, describe }]): [string, string] => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    describe,
  ])
  return [
    `Usage: hearth ${command.name}${positionals} [options]`,
    '',
    `${command.summary}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    ...columns(options),
    '',
  ].join('\n')
}

/** The list of commands. */
export function overview(commands: readonly (readonly [string, string])[]): string {
  return [
    'Usage: hearth <command> [options]',
    '',
    'Hearth, a Matrix homeserver for a group of friends.',
    '',
    ...columns(commands),
    '',
    'hearth <command> --help tells more.',
    '',
  ].join('\n')
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
