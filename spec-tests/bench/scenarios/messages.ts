import { fill, type Sent } from '../fill.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import { Samples } from '../samples.ts'
import { compareWithSent } from '../sent-order.ts'
import type { Subject } from '../subject.ts'
import { at, listAt } from '../../target/json.ts'
import { expectOk, type User } from '../../target/user.ts'
import { crowd } from './send.ts'

const CLIENTS = 32
const WALKS = 3
/** How many events lie between the end of the room and a page of each class. */
const DEPTHS = [1_000, 10_000, 100_000, Infinity]

/** A room filled by many senders at once is read backwards, page after page, to its creation. */
export async function messages(subject: Subject, load: Load): Promise<Result[]> {
  const { users, rooms } = await crowd(subject, load.clients?.[0] ?? CLIENTS, 1)
  const [user] = users
  const [room] = rooms
  if (user === undefined || room === undefined) throw new Error('No room')
  const sent: Sent[] = []
  const depth = load.events[0] ?? 0
  const filled = await fill(users, rooms, depth, (one) => sent.push(one))

  const all = new Samples()
  const byDepth = DEPTHS.map(() => new Samples())
  let found: string[] = []
  const started = performance.now()
  const meter = new CpuMeter(subject.watched())
  for (let walk = 0; walk < WALKS; walk += 1) {
    found = await walkBack(user, room, (before, milliseconds) => {
      all.add(milliseconds)
      byDepth[DEPTHS.findIndex((limit) => before < limit)]?.add(milliseconds)
    })
  }
  const elapsed = performance.now() - started
  const cpu = meter.perOperation(all.count)
  const { lost, duplicates, misplaced } = compareWithSent(sent, found.toReversed())
  const whole = {
    ...NOTHING,
    what: `${depth} events`,
    clients: 1,
    ...timing(all, elapsed),
    errors: filled.errors + misplaced,
    lost,
    duplicates,
    ...cpu,
    figures: { misplaced },
  }
  return [whole, ...byDepth.map(bandResult).filter(({ n }) => n > 0)]
}

function bandResult(samples: Samples, band: number): Result {
  const from = band === 0 ? 0 : (DEPTHS[band - 1] ?? 0)
  return { ...NOTHING, what: `from depth ${from}`, clients: 1, ...timing(samples, 0) }
}

/** @returns the ids of all events, newest first */
async function walkBack(
  user: User,
  room: string,
  onPage: (before: number, milliseconds: number) => void,
): Promise<string[]> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=100`
  const found: string[] = []
  for (let from: string | undefined = ''; from !== undefined;) {
    const asked = performance.now()
    const place: string = from === '' ? '' : `&from=${encodeURIComponent(from)}`
    const page = expectOk(await user.call('GET', `${path}${place}`))
    onPage(found.length, performance.now() - asked)
    const chunk = listAt(page, 'chunk')
    for (const event of chunk) found.push(String(at(event, 'event_id')))
    const end: unknown = at(page, 'end')
    // the end of a room is said by no token; some servers repeat one under an empty page
    from = typeof end === 'string' && chunk.length > 0 ? end : undefined
  }
  return found
}
