import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { USAGE } from './usage.ts'

export const SCENARIOS = [
  'send',
  'send-many',
  'fanout',
  'initial-sync',
  'idle-sync',
  'create-join',
  'messages',
  'directory',
  'search',
  'push',
  'stall',
  'footprint',
  'sql-per-send',
  'scale',
  'soak',
] as const
export type ScenarioName = (typeof SCENARIOS)[number]

/** A server to measure. */
export interface Place {
  /** undefined: start a throw-away Hearth. */
  readonly url: string | undefined
  readonly pids: readonly number[]
  readonly postgresPid: number | undefined
  readonly usersFile: string | undefined
  readonly databaseUrl: string | undefined
}

/** How much load; times in seconds unless named. */
export interface Load {
  /** undefined: what the scenario is quoted with. */
  readonly clients: readonly number[] | undefined
  readonly seconds: number
  /** The load runs so long before it is measured: a server whose code is still being compiled is slower. */
  readonly warmUp: number
  readonly atLeast: number
  readonly rooms: number
  readonly samples: number
  readonly receivers: number
  readonly members: number
  readonly texts: number
  readonly events: readonly number[]
  readonly polls: number
  readonly starts: number
  readonly settle: number | undefined
  readonly workers: readonly number[]
  readonly minutes: number
  readonly rate: number
}

export interface BenchOptions {
  readonly scenarios: readonly ScenarioName[]
  readonly places: readonly Place[]
  readonly load: Load
  readonly repeat: number
  readonly json: boolean
  readonly markdown: string | undefined
  readonly check: boolean
  readonly writeBaseline: boolean
  readonly baseline: string
  readonly force: boolean
}

const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const
const flag = { type: 'boolean', default: false } as const

const FLAGS = {
  url: texts,
  pids: texts,
  'pg-pid': texts,
  users: texts,
  'database-url': texts,
  clients: text,
  seconds: text,
  'warm-up': text,
  'at-least': text,
  rooms: text,
  samples: text,
  receivers: text,
  members: text,
  texts: text,
  events: text,
  polls: text,
  starts: text,
  settle: text,
  workers: text,
  minutes: text,
  rate: text,
  repeat: text,
  json: flag,
  markdown: text,
  check: flag,
  'write-baseline': flag,
  baseline: text,
  force: flag,
} as const

type Values = ReturnType<typeof parse>['values']

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: FLAGS })

/** @throws {Error} with a sentence when the arguments make no sense */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parse(argv)
  const unknown = positionals.filter((name) => !isScenario(name))
  if (unknown.length > 0 || positionals.length === 0) {
    throw new Error(`Unknown or no scenario: ${unknown.join(' ')}\n\n${USAGE}`)
  }
  return {
    scenarios: positionals.filter(isScenario),
    places: placesOf(values),
    load: loadOf(values),
    repeat: one('--repeat', values.repeat) ?? (values.check || values['write-baseline'] ? 3 : 1),
    json: values.json,
    markdown: values.markdown,
    check: values.check,
    writeBaseline: values['write-baseline'],
    baseline: values.baseline ?? join(import.meta.dirname, 'baseline.json'),
    force: values.force,
  }
}

function placesOf(values: Values): Place[] {
  const urls = values.url ?? ['hearth']
  const lists = [values.pids, values['pg-pid'], values.users, values['database-url']]
  if (lists.some((list) => (list?.length ?? 0) > urls.length)) {
    throw new Error('There are more pids, user files or databases than servers (--url).')
  }
  const given = (list: readonly string[] | undefined, n: number) => {
    const found = list?.[n]
    return found === '-' ? undefined : found
  }
  return urls.map((url, n) => ({
    url: url === 'hearth' ? undefined : url,
    pids: numbers('--pids', given(values.pids, n)) ?? [],
    postgresPid: one('--pg-pid', given(values['pg-pid'], n)),
    usersFile: given(values.users, n),
    databaseUrl: given(values['database-url'], n),
  }))
}

function loadOf(values: Values): Load {
  return {
    clients: numbers('--clients', values.clients),
    seconds: one('--seconds', values.seconds) ?? 5,
    warmUp: one('--warm-up', values['warm-up']) ?? 5,
    atLeast: one('--at-least', values['at-least']) ?? 2000,
    rooms: one('--rooms', values.rooms) ?? 500,
    samples: one('--samples', values.samples) ?? 5,
    receivers: one('--receivers', values.receivers) ?? 100,
    members: one('--members', values.members) ?? 1000,
    texts: one('--texts', values.texts) ?? 20,
    events: numbers('--events', values.events) ?? [100_000],
    polls: one('--polls', values.polls) ?? 1000,
    starts: one('--starts', values.starts) ?? 3,
    settle: one('--settle', values.settle),
    workers: numbers('--workers', values.workers) ?? [1, 2],
    minutes: one('--minutes', values.minutes) ?? 10,
    rate: one('--rate', values.rate) ?? 100,
  }
}

const isScenario = (name: string): name is ScenarioName => SCENARIOS.some((known) => known === name)

function numbers(name: string, list: string | undefined): number[] | undefined {
  if (list === undefined) return undefined
  const found = list.split(',').map((item) => (item.trim() === '' ? Number.NaN : Number(item)))
  if (found.some((value) => !Number.isFinite(value) || value < 0)) {
    throw new Error(`${name} takes numbers, not "${list}".`)
  }
  return found
}

function one(name: string, value: string | undefined): number | undefined {
  const found = numbers(name, value)
  if (found !== undefined && found.length > 1) throw new Error(`${name} takes one number.`)
  return found?.[0]
}
