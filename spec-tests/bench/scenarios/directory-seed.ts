import pg from 'pg'
import { inParallel } from '../loops.ts'
import type { Subject } from '../subject.ts'
import { at } from '../../target/json.ts'
import type { User } from '../../target/user.ts'

const CREATORS = 16
/** Rooms that each seeded user has joined. */
const ROOMS_EACH = 5
/** Names and rooms are made of these, so that each is found often, and each pair of them rarely. */
const WORDS = (
  'amber birch cedar delta ember fjord grove haven indigo jasper ' +
  'kelp lotus maple nectar opal pebble quartz raven sable thistle'
).split(' ')

/** Published rooms, made by their creators as clients do. */
export async function seedRooms(users: readonly User[], count: number): Promise<string[]> {
  return await inParallel(count, users.length, async (n) => {
    const user = users[n % users.length]
    if (user === undefined) throw new Error('No user')
    const name = `${wordOf(n)} ${wordOf(n * 7 + 3)} ${n}`
    return await user.createRoom({ visibility: 'public', name, topic: `All about ${name}` })
  })
}

/** Users who have a profile and are in rooms: straight into a Hearth's database, for that is faster. */
export async function seedUsers(
  subject: Subject,
  {
    run,
    server,
    rooms,
    count,
  }: { run: string; server: string; rooms: readonly string[]; count: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: subject.databaseUrl })
  await client.connect()
  try {
    await client.query(USERS, [count, `@${run}-`, `:${server}`])
    await client.query(ACCOUNTS, [`@${run}-`])
    await client.query(PROFILES, [`@${run}-`, WORDS])
    await client.query(MEMBERSHIPS, [`@${run}-`, rooms, ROOMS_EACH])
    // summaries are made anew, since no event told of these members
    await client.query('UPDATE room_summaries_progress SET done_to = -1')
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
}

/** Users who create the rooms. */
export const creators = (subject: Subject): Promise<User[]> =>
  inParallel(CREATORS, CREATORS, () => subject.user('creator'))

export const wordOf = (n: number): string => WORDS[n % WORDS.length] ?? ''

export const serverNameOf = (user: User): string => user.userId.slice(user.userId.indexOf(':') + 1)

/** @throws {Error} where the answer has nothing to show */
export function requireSome(list: unknown, what: string): void {
  if (at(list, 0) === undefined) throw new Error(`${what}: nothing was found`)
}

const USERS = `INSERT INTO users (user_id)
  SELECT $2 || i || $3 FROM generate_series(1, $1::int) i`

const ACCOUNTS = `INSERT INTO accounts (user_key, user_id, password_hash, admin, created_ts)
  SELECT key, user_id, NULL, false, 0 FROM users WHERE starts_with(user_id, $1)`

const PROFILES = `INSERT INTO profiles (user_key, fields)
  SELECT key, json_build_object('displayname',
      initcap(($2::text[])[1 + key % 20]) || ' ' || initcap(($2::text[])[1 + key / 20 % 20]) || ' ' || key)
    FROM users WHERE starts_with(user_id, $1)`

const MEMBERSHIPS = `INSERT INTO memberships (room, user_key, membership, pos)
  SELECT r.key, u.key, 'join', 0
    FROM (SELECT key, row_number() OVER (ORDER BY key) AS n FROM users WHERE starts_with(user_id, $1)) u
    CROSS JOIN generate_series(1, $3::int) k
    JOIN (SELECT key, row_number() OVER (ORDER BY key) - 1 AS n FROM rooms WHERE room_id = ANY ($2::text[])) r
      ON r.n = (u.n * 31 + k * 7919) % cardinality($2::text[])
    ON CONFLICT DO NOTHING`
