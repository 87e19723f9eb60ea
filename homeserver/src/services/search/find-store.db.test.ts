import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { RoomKey } from '#log/types.ts'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { findMatches, type Query } from './find-store.ts'

const EVENTS = 6_000
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await sql`INSERT INTO search_events (ev, place, room, sender, key, words)
    SELECT n, n, n % 3, n % 5, 1,
      format('''#%s'' ''w%s'':1 ''all'':2', n % 3, n % 400)::tsvector
    FROM generate_series(1, ${EVENTS}::int) n`.execute(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

const rooms = (...places: (readonly [number, number])[]): Map<RoomKey, number> =>
  new Map(places.map(([room, upTo]) => [asRoomKey(room), upTo]))

/** Places of all matches, however many reads they take. */
async function placesOf(query: Partial<Query> & Pick<Query, 'words' | 'rooms'>) {
  const whole = { keys: [1], senders: undefined, ...query }
  const places: number[] = []
  let before: number | undefined = Number.MAX_SAFE_INTEGER
  for (let reads = 0; before !== undefined && reads < 100; reads++) {
    const found = await findMatches(database.db, whole, { before, enough: 11 })
    places.push(...found.matches.map(({ place }) => place))
    before = found.next
  }
  return places
}

const expected = (passes: (n: number) => boolean): number[] =>
  Array.from({ length: EVENTS }, (_, n) => EVENTS - n).filter(passes)

test('common words and rare ones are found once each, the latest first', async () => {
  const two = rooms([1, Infinity], [2, Infinity])
  expect(await placesOf({ words: "'all'", rooms: two })).toEqual(expected((n) => n % 3 !== 0))
  expect(await placesOf({ words: "'w7' & 'all'", rooms: two })).toEqual(
    expected((n) => n % 3 !== 0 && n % 400 === 7),
  )
  expect(await placesOf({ words: "'none'", rooms: two })).toEqual([])
})

test('places in rooms, senders and keys limit what is found', async () => {
  const left = rooms([1, 900], [2, 30])
  const inside = (n: number) => (n % 3 === 1 && n <= 900) || (n % 3 === 2 && n <= 30)
  expect(await placesOf({ words: "'all'", rooms: left })).toEqual(expected(inside))
  const senders = [asUserKey(2)]
  expect(await placesOf({ words: "'all'", rooms: left, senders })).toEqual(
    expected((n) => inside(n) && n % 5 === 2),
  )
  expect(await placesOf({ words: "'all'", rooms: left, keys: [2, 3] })).toEqual([])
})
