import { startEmbedded } from '#db/embedded/embedded.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng as rng } from '#platform/rng.ts'

// Runs as a process of its own: node run-postgres.ts DATA ELSEWHERE
const [data = '', elsewhere = ''] = process.argv.slice(2)
try {
  const started = clock.monotonic()
  const postgres = await startEmbedded({
    data,
    elsewhere,
    clock,
    rng,
    logger: createLogger('silent'),
  })
  // before anybody can know that we run
  process.once('SIGTERM', () => void postgres.stop())
  const { url, postmasterPid } = postgres
  const milliseconds = clock.monotonic() - started
  const announced = { pid: process.pid, postgresPid: postmasterPid, url, milliseconds }
  console.log(JSON.stringify(announced))
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
