import { accountsOfRooms, firstSync } from '../accounts-of-rooms.ts'
import { closedLoop } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import { stringAt } from '../../target/json.ts'
import type { User } from '../../target/user.ts'

const AT_ONCE = 4

/** A user in many rooms asks again with the same token, `timeout=0`, four requests at a time. */
export async function idleSync(subject: Subject, load: Load): Promise<Result[]> {
  return [await askAgain(subject, load, await idleUser(subject, load))]
}

/** Somebody in many rooms, and where their next `/sync` begins. */
export interface IdleUser {
  readonly user: User
  readonly since: string
}

export async function idleUser(subject: Subject, load: Load): Promise<IdleUser> {
  const { users } = await accountsOfRooms(subject, load.rooms, 1)
  const [user] = users
  if (user === undefined) throw new Error('No user')
  const since = stringAt(await firstSync(user), 'next_batch')
  await closedLoop({
    clients: AT_ONCE,
    seconds: load.warmUp,
    atLeast: AT_ONCE,
    async work() {
      await user.sync({ since, timeout: '0' })
    },
  })
  return { user, since }
}

export async function askAgain(
  subject: Subject,
  load: Load,
  { user, since }: IdleUser,
): Promise<Result> {
  const meter = new CpuMeter(subject.watched())
  const { samples, errors, elapsedMs } = await closedLoop({
    clients: AT_ONCE,
    seconds: load.seconds,
    atLeast: Math.min(load.atLeast, 200),
    async work() {
      await user.sync({ since, timeout: '0' })
    },
  })
  return {
    ...NOTHING,
    what: `${load.rooms} rooms`,
    clients: AT_ONCE,
    ...timing(samples, elapsedMs),
    errors,
    ...meter.perOperation(samples.count),
  }
}
