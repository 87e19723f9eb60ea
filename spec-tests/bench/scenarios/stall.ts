import { accountsOfRooms, firstSync } from '../accounts-of-rooms.ts'
import { pause } from '../loops.ts'
import { NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { Samples } from '../samples.ts'
import type { Subject } from '../subject.ts'
import type { User } from '../../target/user.ts'

const QUIET_MS = 2_000
const INTERVAL_MS = 1

/**
 * How long others wait while a user in many rooms syncs for the first time: somebody asks `/whoami` all
 * the while, first alone, then beside the syncs. A server with one thread lets them wait for as long as
 * it does not get to its event loop.
 */
export async function stall(subject: Subject, load: Load): Promise<Result[]> {
  const { users } = await accountsOfRooms(subject, load.rooms, load.samples + 2)
  const [asker, warmUp, ...syncing] = users
  if (asker === undefined || warmUp === undefined) throw new Error('Nobody to ask')
  await firstSync(warmUp)
  const alone = await whoAmIWhile(asker, () => pause(QUIET_MS))
  const beside = await whoAmIWhile(asker, async () => {
    for (const user of syncing) await firstSync(user)
  })
  return [result('alone', alone), result('beside first syncs', beside)]
}

const result = (what: string, samples: Samples): Result => ({
  ...NOTHING,
  what,
  clients: 1,
  ...timing(samples, 0),
  figures: { longest_ms: samples.percentile(100) },
})

async function whoAmIWhile(user: User, work: () => Promise<void>): Promise<Samples> {
  const samples = new Samples()
  const over = new AbortController()
  const asking = (async () => {
    while (!over.signal.aborted) {
      const asked = performance.now()
      await user.call('GET', '/_matrix/client/v3/account/whoami')
      samples.add(performance.now() - asked)
      await pause(INTERVAL_MS)
    }
  })()
  await work()
  over.abort()
  await asking
  return samples
}
