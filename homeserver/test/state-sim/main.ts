// `npm run bench -- state-sim [--small] [scenario…]`: what lines of state cost in rooms that fork.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDb } from '#db/db.ts'
import { startEmbedded } from '#db/embedded/embedded.ts'
import { prepareDatabase } from '#db/prepare.ts'
import { openLog } from '#log/index.ts'
import { parseServerName } from '#matrix/ids.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { sql } from 'kysely'
import { measure, type Measurement } from './measure.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { simulate } from './simulate.ts'

const logger = createLogger('warn')
const serverName = parseServerName('s0.example')

async function run(postgres: string, scenario: Scenario, number: number): Promise<Measurement> {
  const admin = createDb({ url: postgres, logger })
  await sql.raw(`CREATE DATABASE sim_${number}`).execute(admin)
  await admin.destroy()
  const url = new URL(postgres)
  url.pathname = `sim_${number}`
  const db = createDb({ url: url.href, logger })
  try {
    await prepareDatabase(db, { serverName, testMode: false, clock })
    await using log = await openLog({ url: url.href, serverName, clock, rng, logger, readers: 2 })
    return await measure({ db, clock }, scenario, await simulate(log, scenario))
  } finally {
    await db.destroy()
  }
}

function row(m: Measurement): string {
  const cells = [
    m.scenario,
    m.changes,
    m.keys,
    m.sides,
    m.megabytes,
    m.bytesPerChange,
    m.linesPer1000,
    `${m.checkpoints} / ${m.checkpointMegabytes}`,
    m.maxDepth,
    `${m.rowsPerMerge.mean} / ${m.rowsPerMerge.p99} / ${m.rowsPerMerge.max}`,
    `${m.keyReadMs.p50} / ${m.keyReadMs.p99}`,
    `${m.fullReadMs.p50} / ${m.fullReadMs.p99}`,
  ]
  return `| ${cells.join(' | ')} |`
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const chosen = scenarios(process.argv.includes('--small')).filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
)
const folder = await mkdtemp(join(tmpdir(), 'hearth-sim-'))
const data = join(folder, 'data')
// as root, Postgres's own user must pass
await chmod(folder, 0o711)
const postgres = await startEmbedded({ data, clock, rng, logger, durable: false })
try {
  const done: Measurement[] = []
  for (const [number, scenario] of chosen.entries()) {
    const measurement = await run(postgres.url, scenario, number)
    console.log(JSON.stringify(measurement))
    done.push(measurement)
  }
  console.log(
    [
      '| room | changes | keys | side events | MB | bytes a change | lines a 1,000 | checkpoints / MB | depth | rows a merge, mean / p99 / max | key ms, p50 / p99 | full ms, p50 / p99 |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      ...done.map(row),
    ].join('\n'),
  )
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true })
}
