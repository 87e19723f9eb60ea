import { randomBytes } from 'node:crypto'
import type { Http } from '../target/matrix-client.ts'
import { startServer, type Target } from '../target/server.ts'
import { environment } from './environment.ts'
import { LeanClient } from './lean-client.ts'
import type { Measurement, Watched } from './measurement.ts'
import { type BenchOptions, parseOptions, type Scenario } from './options.ts'
import { fanout } from './scenarios/fanout.ts'
import { idleSync } from './scenarios/idle-sync.ts'
import { send } from './scenarios/send.ts'
import { table } from './table.ts'

type Result = Omit<Measurement, 'scenario' | 'server'>

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  const target = options.url === undefined ? await startServer() : undefined
  try {
    await runAll(options, target)
  } finally {
    await target?.[Symbol.asyncDispose]()
  }
}

async function runAll(options: BenchOptions, target: Target | undefined): Promise<void> {
  const http = new LeanClient(target?.url ?? options.url ?? '')
  const watched: Watched =
    target === undefined
      ? { server: options.serverPids, postgres: options.postgresPid }
      : { server: target.pids().servers, postgres: target.pids().postgres }
  const server = target === undefined ? (options.url ?? '') : 'hearth'
  const found: Measurement[] = []
  for (const scenario of options.scenarios) {
    for (const result of await runScenario(scenario, http, watched, options)) {
      const measurement = { scenario, server, ...result }
      found.push(measurement)
      process.stdout.write(`${JSON.stringify({ ...measurement, ...environment() })}\n`)
    }
  }
  http.close()
  if (!options.json) process.stdout.write(`\n${table(found)}`)
  const broken = found.filter((line) => line.errors + line.lost + line.duplicates > 0)
  if (broken.length > 0) {
    process.stderr.write('Errors, losses or duplicates occurred: the run has failed.\n')
    process.exitCode = 1
  }
}

async function runScenario(
  scenario: Scenario,
  http: Http,
  watched: Watched,
  options: BenchOptions,
): Promise<Result[]> {
  const run = randomBytes(4).toString('hex')
  const { seconds, receivers, rooms } = options
  switch (scenario) {
    case 'send':
    case 'send-many': {
      const roomCount = scenario === 'send' ? 1 : 50
      const results: Result[] = []
      for (const clients of options.clients) {
        results.push(await send(http, watched, { run, clients, seconds, roomCount }))
      }
      return results
    }
    case 'fanout':
      return [await fanout(http, watched, { run, receivers })]
    case 'idle-sync':
      return [await idleSync(http, watched, { run, rooms })]
  }
}

await main()
