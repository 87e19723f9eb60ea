import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const search = (user: TestUser, search_term: string, limit?: number) =>
  user.call('POST', '/user_directory/search', { search_term, limit })

const found = async (user: TestUser, term: string, limit?: number): Promise<string[]> =>
  list(ok(await search(user, term, limit)), 'results').map((entry) => text(entry, 'user_id'))

const setField = async (user: TestUser, name: string, value: string) =>
  ok(await user.call('PUT', `/profile/${user.userId}/${name}`, { [name]: value }))

/** A user who is in a room with Alice. */
async function acquaintance(localpart: string): Promise<TestUser> {
  const user = await server.user(localpart)
  const roomId = await alice.createRoom({ invite: [user.userId] })
  await user.join(roomId)
  return user
}

const restrict = (user: TestUser, values: { deactivated?: boolean; guest?: boolean }) =>
  server.ctx.db.updateTable('accounts').set(values).where('user_id', '=', user.userId).execute()

describe('a user is found', () => {
  it('by any part of the localpart or display name, in any case and script', async () => {
    const user = await acquaintance('waldo.finder')
    await setField(user, 'displayname', 'Straßen 山田太郎 Пример')
    const terms = ['waldo', 'ALDO.F', '@wal', 'STRASSEN', '山田', '太', 'примЕР', 'пример waldo']
    for (const term of [...terms, user.userId, '@waldo.finder:test']) {
      expect({ term, users: await found(alice, term) }).toEqual({ term, users: [user.userId] })
    }
    for (const term of ['waldox', '@aldo', '@waldo.finder:other', 'test.example', '%', '__']) {
      expect({ term, users: await found(alice, term) }).toEqual({ term, users: [] })
    }
  })

  it('with name and avatar, as they are now', async () => {
    const user = await acquaintance('changing')
    expect(list(ok(await search(alice, 'changing')), 'results')).toEqual([{ user_id: user.userId }])
    await setField(user, 'displayname', 'Newname')
    await setField(user, 'avatar_url', 'mxc://test.example/a')
    expect(ok(await search(alice, 'newname'))).toEqual({
      results: [
        { user_id: user.userId, display_name: 'Newname', avatar_url: 'mxc://test.example/a' },
      ],
      limited: false,
    })
    await setField(user, 'displayname', 'Othername')
    expect(await found(alice, 'newname')).toEqual([])
    expect(await found(alice, 'othername')).toEqual([user.userId])
  })

  it('in front of others when the term is the whole name, or begins a word', async () => {
    const inside = await acquaintance('xyzzyx')
    const begins = await acquaintance('zzy.begins')
    const whole = await acquaintance('zzy')
    expect(await found(alice, 'zzy')).toEqual([whole.userId, begins.userId, inside.userId])
  })
})

describe('private room metadata: a user is found only', () => {
  it('by those who share a room with them', async () => {
    const hidden = await server.user('hidden')
    await hidden.createRoom()
    expect(await found(alice, 'hidden')).toEqual([])
    const roomId = await alice.createRoom({ invite: [hidden.userId] })
    expect(await found(alice, 'hidden')).toEqual([])
    await hidden.join(roomId)
    expect(await found(alice, 'hidden')).toEqual([hidden.userId])
    await hidden.leave(roomId)
    expect(await found(alice, 'hidden')).toEqual([])
  })

  it('by all while they are in a room that everybody may join or read', async () => {
    const open = await server.user('openly')
    const roomId = await open.createRoom({ preset: 'public_chat' })
    expect(await found(alice, 'openly')).toEqual([open.userId])
    await open.setState(roomId, 'm.room.join_rules', '', { join_rule: 'invite' })
    expect(await found(alice, 'openly')).toEqual([])
    await open.setState(roomId, 'm.room.history_visibility', '', {
      history_visibility: 'world_readable',
    })
    expect(await found(alice, 'openly')).toEqual([open.userId])
  })

  it('by their profile, never by what they are called in a room', async () => {
    const user = await acquaintance('masked')
    const roomId = await user.createRoom({ invite: [alice.userId] })
    await user.setState(roomId, 'm.room.member', user.userId, {
      membership: 'join',
      displayname: 'Batman',
    })
    expect(await found(alice, 'batman')).toEqual([])
  })
})

test('those whom one shares a room with are found among very many whom one may not know', async () => {
  const { db } = server.ctx
  await sql`
    WITH crowd AS (
      INSERT INTO users (user_id) SELECT '@masses' || i || ':test.example'
      FROM generate_series(1, 1500) AS i RETURNING key, user_id)
    INSERT INTO accounts (user_key, user_id, admin, created_ts)
    SELECT key, user_id, false, 0 FROM crowd`.execute(db)
  expect(await found(alice, 'masses')).toEqual([])
  const known = await acquaintance('the.masses')
  expect(await found(alice, 'masses')).toEqual([known.userId])
})

describe('nobody finds', () => {
  it('themselves', async () => {
    await alice.createRoom({ preset: 'public_chat' })
    expect(await found(alice, 'alice')).toEqual([])
  })

  it('deactivated accounts, guests and locked accounts', async () => {
    const gone = await acquaintance('ghostly.gone')
    const guest = await acquaintance('ghostly.guest')
    const locked = await acquaintance('ghostly.locked')
    expect(await found(alice, 'ghostly')).toHaveLength(3)
    await restrict(gone, { deactivated: true })
    await restrict(guest, { guest: true })
    const { key } = await server.ctx.dictionary.user(locked.userId)
    await server.ctx.db
      .insertInto('account_restrictions')
      .values({ user_key: key, locked: true, suspended: false })
      .execute()
    expect(await found(alice, 'ghostly')).toEqual([])
  })
})

test('of an account that is gone no name is kept', async () => {
  const user = await acquaintance('forgotten')
  await setField(user, 'displayname', 'Remembered')
  expect(await found(alice, 'remembered')).toEqual([user.userId])
  const auth = { type: 'm.login.password', user: 'forgotten', password: 'a password' }
  ok(await user.call('POST', '/account/deactivate', { auth, erase: true }))
  expect(await found(alice, 'remembered')).toEqual([])
  const row = await server.ctx.db
    .selectFrom('user_directory')
    .select(['display_name', 'search'])
    .where('user_id', '=', user.userId)
    .executeTakeFirstOrThrow()
  expect(row).toEqual({ display_name: null, search: 'forgotten' })
})

test('no more are told than asked for, and it is said that there are more', async () => {
  for (let n = 0; n < 12; n++) await acquaintance(`crowd${n}`)
  expect(ok(await search(alice, 'crowd'))).toMatchObject({ limited: true })
  expect(await found(alice, 'crowd')).toHaveLength(10)
  expect(await found(alice, 'crowd', 3)).toHaveLength(3)
  const all = ok(await search(alice, 'crowd', 12))
  expect(at(all, 'limited')).toBe(false)
  expect(list(all, 'results')).toHaveLength(12)
  expect(await found(alice, 'crowd', 999_999_999)).toHaveLength(12)
})

test('a term of nothing but white space finds nobody', async () => {
  expect(ok(await search(alice, ' \n '))).toEqual({ results: [], limited: false })
})

test.each([
  [{}, 'M_MISSING_PARAM'],
  [{ search_term: 5 }, 'M_BAD_JSON'],
  [{ search_term: 'x', limit: 'x' }, 'M_BAD_JSON'],
  [{ search_term: 'x', limit: 0 }, 'M_INVALID_PARAM'],
  [{ search_term: 'x', limit: -1 }, 'M_INVALID_PARAM'],
])('a search cannot be %j', async (body, errcode) => {
  expectError(await alice.call('POST', '/user_directory/search', body), 400, errcode)
})

test.each(['\0', '\ud800', "'; --", '\\', '{}', '{a,"b}', 'x'.repeat(100_000)])(
  'the hostile term %j finds nobody',
  async (term) => {
    expect(await found(alice, term)).toEqual([])
  },
)

test('a search needs a token', async () => {
  const body = { search_term: 'x' }
  const path = '/_matrix/client/v3/user_directory/search'
  expectError(await server.request('POST', path, { body }), 401, 'M_MISSING_TOKEN')
})

test('with the setting, everybody finds everybody', async () => {
  const config = 'user_directory: { search_all_users: true }'
  await using open = await startTestServer({ config })
  const [seeker, hidden] = [await open.user('seeker'), await open.user('hidden')]
  expect(await found(seeker, 'hid')).toEqual([hidden.userId])
})
