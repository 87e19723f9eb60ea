import { randomBytes } from 'node:crypto'
import { closedLoop } from '../loops.ts'
import { CpuMeter, NOTHING, type Result, timing } from '../measurement.ts'
import type { Load } from '../options.ts'
import type { Subject } from '../subject.ts'
import { listAt } from '../../target/json.ts'
import { expectOk, type User } from '../../target/user.ts'
import {
  creators,
  requireSome,
  seedRooms,
  seedUsers,
  serverNameOf,
  wordOf,
} from './directory-seed.ts'

/** Users for each room. */
const USERS_PER_ROOM = 10
const PUBLIC_ROOMS = '/_matrix/client/v3/publicRooms'
const PAGE = 20

/** First pages of the room directory and of the user directory, over many rooms and users. */
export async function directory(subject: Subject, load: Load): Promise<Result[]> {
  if (subject.databaseUrl === undefined) {
    throw new Error('directory puts its users into the database of a Hearth: give --database-url.')
  }
  const users = await creators(subject)
  const [reader] = users
  if (reader === undefined) throw new Error('No user')
  const rooms = await seedRooms(users, load.rooms)
  const run = `bench-${randomBytes(4).toString('hex')}`
  const count = load.rooms * USERS_PER_ROOM
  await seedUsers(subject, { run, server: serverNameOf(reader), rooms, count })
  // one more change of a room, so that the server looks at what was seeded
  await reader.createRoom({ visibility: 'public' })

  const parts: Record<string, (n: number) => Promise<void>> = {
    'public rooms': () => firstPage(reader),
    'public rooms by word': (n) => roomsByWord(reader, wordOf(n)),
    'users by name': (n) => usersByName(reader, `${wordOf(n)} ${wordOf(n * 3 + 1)}`),
    'users by beginning': (n) => usersByName(reader, wordOf(n).slice(0, 3)),
  }
  const results: Result[] = []
  for (const [what, work] of Object.entries(parts)) {
    results.push(await measure(subject, load, { what, work }))
  }
  return results
}

async function measure(
  subject: Subject,
  load: Load,
  { what, work }: { what: string; work: (n: number) => Promise<void> },
): Promise<Result> {
  const clients = load.clients?.[0] ?? 1
  const loop = { clients, work: (_: number, n: number) => work(n) }
  // whoever comes first waits for what is put off until somebody asks
  await work(0)
  await closedLoop({ ...loop, seconds: load.warmUp, atLeast: 1 })
  const meter = new CpuMeter(subject.watched())
  const { samples, errors, elapsedMs } = await closedLoop({
    ...loop,
    seconds: load.seconds,
    atLeast: 1,
  })
  const cpu = meter.perOperation(samples.count)
  return { ...NOTHING, what, clients, ...timing(samples, elapsedMs), errors, ...cpu }
}

async function firstPage(user: User): Promise<void> {
  const answer = expectOk(await user.call('GET', `${PUBLIC_ROOMS}?limit=${PAGE}`))
  requireSome(listAt(answer, 'chunk'), 'public rooms')
}

async function roomsByWord(user: User, word: string): Promise<void> {
  const body = { limit: PAGE, filter: { generic_search_term: word } }
  const answer = expectOk(await user.call('POST', PUBLIC_ROOMS, body))
  // there is a room with the first word, however few there are
  if (word === wordOf(0)) requireSome(listAt(answer, 'chunk'), 'public rooms by word')
}

async function usersByName(user: User, term: string): Promise<void> {
  const path = '/_matrix/client/v3/user_directory/search'
  expectOk(await user.call('POST', path, { search_term: term, limit: PAGE }))
}
