import { parseArgs } from 'node:util'

export const SCENARIOS = ['send', 'send-many', 'fanout', 'idle-sync'] as const
export type Scenario = (typeof SCENARIOS)[number]

export interface BenchOptions {
  readonly scenarios: readonly Scenario[]
  /** undefined: start a throw-away Hearth. */
  readonly url: string | undefined
  readonly serverPids: readonly number[]
  readonly postgresPid: number | undefined
  readonly clients: readonly number[]
  readonly seconds: number
  readonly receivers: number
  readonly rooms: number
  readonly json: boolean
}

const USAGE = `npm run bench -- <scenario…> [options]

Scenarios
  send        text messages into one room, one after another per client
  send-many   the same spread over 50 rooms
  fanout      100 long polls receive 20 messages
  idle-sync   incremental /sync of a user in many rooms in which nothing happened

Options
  --url URL         any Matrix server with open dummy registration (default: start Hearth)
  --pids 1,2        processes of that server, for CPU and memory
  --pg-pid 3        its postmaster
  --clients 1,8,32  clients of send                       (default 1,8,32)
  --seconds N       at least so long a run                (default 5)
  --receivers N     long polls of fanout                  (default 100)
  --rooms N         rooms of the idle-sync user           (default 100)
  --json            JSON lines only, no table
`

const isScenario = (text: string): text is Scenario => SCENARIOS.some((name) => name === text)

const numbers = (text: string | undefined): number[] =>
  (text ?? '').split(',').filter(Boolean).map(Number)

/** @throws {Error} with a sentence when the arguments make no sense */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      pids: { type: 'string' },
      'pg-pid': { type: 'string' },
      clients: { type: 'string', default: '1,8,32' },
      seconds: { type: 'string', default: '5' },
      receivers: { type: 'string', default: '100' },
      rooms: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.filter((name) => !isScenario(name))
  if (unknown.length > 0 || positionals.length === 0) {
    throw new Error(`Unknown or no scenario: ${unknown.join(' ')}\n\n${USAGE}`)
  }
  return {
    scenarios: positionals.filter(isScenario),
    url: values.url,
    serverPids: numbers(values.pids),
    postgresPid: numbers(values['pg-pid'])[0],
    clients: numbers(values.clients),
    seconds: Number(values.seconds),
    receivers: Number(values.receivers),
    rooms: Number(values.rooms),
    json: values.json,
  }
}
