import { inParallel, closedLoop } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import type { User } from '../../target/user.ts'

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
  const senders = await Senders.prepare(roomCount, subject, clients, load)
  return await senders.run(load)
}

/** Clients whose rooms are made, and who have sent for a while already. */
export class Senders {
  readonly #subject: Subject
  readonly #crowd: Crowd
  readonly #acknowledged = new Set<string>()
  #count = 0

  private constructor(subject: Subject, members: Crowd) {
    this.#subject = subject
    this.#crowd = members
  }

  static async prepare(
    roomCount: number,
    subject: Subject,
    clients: number,
    load: Pick<Load, 'warmUp'>,
  ): Promise<Senders> {
    const senders = new Senders(subject, await crowd(subject, clients, roomCount))
    await closedLoop({
      clients,
      seconds: load.warmUp,
      atLeast: clients,
      work: (client, n) => senders.#send(client, n),
    })
    return senders
  }

  async run({ seconds, atLeast }: Load): Promise<Result> {
    this.#acknowledged.clear()
    const clients = this.#crowd.users.length
    const meter = new CpuMeter(this.#subject.watched())
    const { samples, errors, elapsedMs } = await closedLoop({
      clients,
      seconds,
      atLeast,
      work: (client, n) => this.#send(client, n),
    })
    return {
      ...NOTHING,
      clients,
      ...timing(samples, elapsedMs),
      errors,
      duplicates: samples.count - this.#acknowledged.size,
      ...meter.perOperation(samples.count),
    }
  }

  async #send(client: number, n: number): Promise<void> {
    const { users, rooms } = this.#crowd
    const user = users[client]
    const room = rooms[(client + n * users.length) % rooms.length]
    if (user === undefined || room === undefined) throw new Error('No such client')
    this.#count += 1
    this.#acknowledged.add(await user.sendText(room, `${TEXT} ${this.#count}`))
  }
}

interface Crowd {
  readonly users: readonly User[]
  readonly rooms: readonly string[]
}

/** Users who are all in all rooms. */
export async function crowd(subject: Subject, clients: number, roomCount: number): Promise<Crowd> {
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
