import { inParallel, closedLoop } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import type { User } from '../../target/user.ts'

const WARM_UP = 50
const AT_ONCE = 8
const TEXT = 'The quick brown fox jumps over the lazy dog while the band plays on, number'

const DEFAULT_CLIENTS = [1, 8, 32]

/** Text messages into one room. */
export const send = (subject: Subject, load: Load): Promise<Result[]> => each(1, subject, load)

/** The same over 50 rooms. */
export const sendMany = (subject: Subject, load: Load): Promise<Result[]> => each(50, subject, load)

async function each(roomCount: number, subject: Subject, load: Load): Promise<Result[]> {
  const results: Result[] = []
  for (const clients of load.clients ?? DEFAULT_CLIENTS) {
    results.push(await sendInto(roomCount, subject, load, clients))
  }
  return results
}

/** C clients, each awaiting its answer, send text into rooms that all of them have joined. */
export async function sendInto(
  roomCount: number,
  subject: Subject,
  load: Load,
  clients: number,
): Promise<Result> {
  const { users, rooms } = await crowd(subject, clients, roomCount)
  const acknowledged = new Set<string>()
  let count = 0
  const sendOne = async (client: number, n: number): Promise<void> => {
    const user = users[client % users.length]
    const room = rooms[(client + n * clients) % rooms.length]
    if (user === undefined || room === undefined) throw new Error('A benchmark needs a client.')
    acknowledged.add(await user.sendText(room, `${TEXT} ${(count += 1)}`))
  }
  for (let n = 0; n < WARM_UP; n += 1) await sendOne(n % clients, Math.floor(n / clients))

  acknowledged.clear()
  const meter = new CpuMeter(subject.watched())
  const { seconds, atLeast } = load
  const { samples, errors, elapsedMs } = await closedLoop({
    clients,
    seconds,
    atLeast,
    work: sendOne,
  })
  return {
    ...NOTHING,
    clients,
    ...timing(samples, elapsedMs),
    errors,
    duplicates: samples.count - acknowledged.size,
    ...meter.perOperation(samples.count),
  }
}

/** Users who are all in all rooms. */
export async function crowd(
  subject: Subject,
  clients: number,
  roomCount: number,
): Promise<{ users: User[]; rooms: string[] }> {
  const users = await inParallel(clients, AT_ONCE, () => subject.user('crowd'))
  const [owner, ...others] = users
  if (owner === undefined) throw new Error('A benchmark needs at least one client.')
  const rooms = await inParallel(roomCount, AT_ONCE, async () => {
    const room = await owner.createRoom({ preset: 'public_chat' })
    for (const user of others) await user.join(room)
    return room
  })
  return { users, rooms }
}
