import { CpuMeter, type Measurement, timing, type Watched } from '../measurement.ts'
import { Samples } from '../samples.ts'
import { type User, register } from '../../target/user.ts'
import type { Http } from '../../target/matrix-client.ts'

const WARM_UP = 50
const MIN_REQUESTS = 2000
const TEXT = 'The quick brown fox jumps over the lazy dog while the band plays on, number'

/** C clients, each awaiting its answer, send text into `roomCount` rooms with all clients joined. */
export async function send(
  http: Http,
  watched: Watched,
  options: { run: string; clients: number; seconds: number; roomCount: number },
): Promise<Omit<Measurement, 'scenario' | 'server'>> {
  const users: User[] = []
  for (let n = 0; n < options.clients; n += 1) {
    users.push(await register(http, `bench-send-${options.run}-${options.clients}-${n}`))
  }
  const rooms = await makeRooms(users, options.roomCount)
  const acknowledged = new Set<string>()
  let errors = 0
  let count = 0
  const sendOne = async (user: User, room: string): Promise<number> => {
    const started = performance.now()
    try {
      acknowledged.add(await user.sendText(room, `${TEXT} ${(count += 1)}`))
    } catch {
      errors += 1
    }
    return performance.now() - started
  }
  const pick = (n: number): string => rooms[n % rooms.length] ?? ''
  for (let n = 0; n < WARM_UP; n += 1) await sendOne(users[n % users.length] ?? raise(), pick(n))

  acknowledged.clear()
  errors = 0
  const samples = new Samples()
  const meter = new CpuMeter(watched)
  const started = performance.now()
  const running = () =>
    performance.now() - started < options.seconds * 1000 || samples.count < MIN_REQUESTS
  await Promise.all(
    users.map(async (user, index) => {
      for (let n = index; running(); n += users.length) samples.add(await sendOne(user, pick(n)))
    }),
  )
  const elapsed = performance.now() - started
  return {
    clients: options.clients,
    ...timing(samples, elapsed),
    errors,
    lost: 0,
    duplicates: samples.count - errors - acknowledged.size,
    ...meter.perOperation(samples.count),
  }
}

async function makeRooms(users: readonly User[], count: number): Promise<string[]> {
  const owner = users[0] ?? raise()
  const rooms: string[] = []
  for (let n = 0; n < count; n += 1) {
    const room = await owner.createRoom({ preset: 'public_chat' })
    for (const user of users.slice(1)) await user.join(room)
    rooms.push(room)
  }
  return rooms
}

function raise(): never {
  throw new Error('A benchmark needs at least one client')
}
