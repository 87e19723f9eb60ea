import { closedLoop, inParallel, type LoopResult } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import { listAt } from '../../target/json.ts'
import { expectOk, type User } from '../../target/user.ts'

const CLIENTS = [8]

/** Rooms are made, then everybody joins those of the others. */
export async function createJoin(subject: Subject, load: Load): Promise<Result[]> {
  const results: Result[] = []
  for (const clients of load.clients ?? CLIENTS) {
    results.push(...(await createAndJoin(subject, load, clients)))
  }
  return results
}

async function createAndJoin(subject: Subject, load: Load, clients: number): Promise<Result[]> {
  const users = await inParallel(clients, clients, () => subject.user('creator'))
  await closedLoop({
    clients,
    seconds: load.warmUp,
    atLeast: clients,
    async work(client) {
      await userAt(users, client).createRoom({ preset: 'public_chat' })
    },
  })
  const made = users.map((): string[] => [])
  const creating = new CpuMeter(subject.watched())
  const created = await closedLoop({
    clients,
    seconds: load.seconds,
    atLeast: Math.min(load.atLeast, 200),
    async work(client) {
      const room = await userAt(users, client).createRoom({ preset: 'public_chat', name: 'A room' })
      made[client]?.push(room)
    },
  })
  const rooms = new Set(made.flat())
  const madeResult = {
    ...line('createRoom', clients, created, creating),
    duplicates: created.samples.count - rooms.size,
  }
  return clients < 2 ? [madeResult] : [madeResult, await joinOthers(subject, load, users, made)]
}

/** Each client joins the rooms of the client after it, then of the one after that. */
async function joinOthers(
  subject: Subject,
  load: Load,
  users: readonly User[],
  made: readonly (readonly string[])[],
): Promise<Result> {
  const plans = users.map((_, k) => [...made.slice(k + 1), ...made.slice(0, k)].flat())
  const joined = users.map((): string[] => [])
  const meter = new CpuMeter(subject.watched())
  const done = await closedLoop({
    clients: users.length,
    seconds: load.seconds,
    atLeast: Math.min(load.atLeast, 200),
    perClient: Math.min(...plans.map((plan) => plan.length)),
    async work(client, n) {
      const room = plans[client]?.[n] ?? ''
      await userAt(users, client).join(room)
      joined[client]?.push(room)
    },
  })
  const result = line('join', users.length, done, meter)
  const missing = users.map(async (user, k) => {
    const body = expectOk(await user.call('GET', '/_matrix/client/v3/joined_rooms'))
    const known = new Set(listAt(body, 'joined_rooms'))
    return (joined[k] ?? []).filter((room) => !known.has(room)).length
  })
  return { ...result, lost: (await Promise.all(missing)).reduce((sum, count) => sum + count, 0) }
}

function line(what: string, clients: number, done: LoopResult, meter: CpuMeter): Result {
  const { samples, errors, elapsedMs } = done
  const cpu = meter.perOperation(samples.count)
  return { ...NOTHING, what, clients, ...timing(samples, elapsedMs), errors, ...cpu }
}

function userAt(users: readonly User[], client: number): User {
  const user = users[client]
  if (user === undefined) throw new Error('No such client')
  return user
}
