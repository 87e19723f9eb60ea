import { randomBytes } from 'node:crypto'
import { fill } from '../fill.ts'
import { closedLoop } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import { at, listAt } from '../../target/json.ts'
import { expectOk, type User } from '../../target/user.ts'
import { crowd } from './send.ts'

const CLIENTS = 32
const ROOMS = 10

/** First pages of searches, once the index has all of many messages. */
export async function search(subject: Subject, load: Load): Promise<Result[]> {
  const { users, rooms } = await crowd(subject, load.clients?.[0] ?? CLIENTS, ROOMS)
  const [user] = users
  const [room = ''] = rooms
  if (user === undefined) throw new Error('No user')
  const count = load.events[0] ?? 0
  const filled = await fill(users, rooms, count)
  const last = `last${randomBytes(4).toString('hex')}`
  await user.sendText(room, last)
  // each search waits for a part of the index only
  while ((await find(user, { search_term: last })) === 0);

  const parts: Record<string, (n: number) => object> = {
    'common words': () => ({ search_term: 'message of the usual length', order_by: 'recent' }),
    'common words by rank': () => ({ search_term: 'message of the usual length' }),
    'rare word': (n) => ({ search_term: `number ${(n * 7_919) % count}`, order_by: 'recent' }),
    'beginning of words': (n) => ({ search_term: String(1000 + (n % 9000)) }),
    'no such word': (n) => ({ search_term: `message nobodysaid${n}`, order_by: 'recent' }),
  }
  const results: Result[] = []
  for (const [what, criteria] of Object.entries(parts)) {
    results.push(await measure(subject, load, { what, work: (n) => find(user, criteria(n)) }))
  }
  return results.map((result) => ({ ...result, errors: result.errors + filled.errors }))
}

async function measure(
  subject: Subject,
  load: Load,
  { what, work }: { what: string; work: (n: number) => Promise<number> },
): Promise<Result> {
  const loop = { clients: 1, work: async (_: number, n: number) => void (await work(n)) }
  await closedLoop({ ...loop, seconds: load.warmUp, atLeast: 1 })
  const meter = new CpuMeter(subject.watched())
  const { seconds } = load
  const { samples, errors, elapsedMs } = await closedLoop({ ...loop, seconds, atLeast: 1 })
  const cpu = meter.perOperation(samples.count)
  return { ...NOTHING, what, clients: 1, ...timing(samples, elapsedMs), errors, ...cpu }
}

/** @returns how many results the first page has */
async function find(user: User, criteria: object): Promise<number> {
  const body = { search_categories: { room_events: criteria } }
  const answer = expectOk(await user.call('POST', '/_matrix/client/v3/search', body))
  return listAt(at(answer, 'search_categories', 'room_events'), 'results').length
}
