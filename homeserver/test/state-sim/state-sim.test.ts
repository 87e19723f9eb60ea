import { expect, test } from 'vitest'
import { openLog } from '#log/index.ts'
import { parseServerName } from '#matrix/ids.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { testDatabase } from '../harness/database.ts'
import { measure } from './measure.ts'
import { scenarios } from './scenarios.ts'
import { simulate } from './simulate.ts'

test.for(['10 %', '30 %', 'flapping'])(
  'a small room of the kind "%s" stays within the bounds that do not depend on the machine',
  { timeout: 120_000 },
  async (name) => {
    const scenario = scenarios(true).find((one) => one.name === name)
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
    await using database = await testDatabase()
    const { url, db } = database
    const logger = createLogger('silent')
    const serverName = parseServerName('s0.example')
    await using log = await openLog({ url, serverName, clock, rng, logger, readers: 2 })
    const run = await simulate(log, scenario)
    const measured = await measure({ db, clock }, scenario, run)
    expect(run.sides).toBeGreaterThan(0)
    expect(measured.maxDepth).toBeLessThanOrEqual(8)
    expect(measured.rowsPerMerge.mean).toBeLessThan(3)
    expect((await run.states.current(run.room)).length).toBe(measured.keys)
    const { point } = await run.states.context(run.room)
    expect((await run.states.fullAt(point)).length).toBe(measured.keys)
  },
)
