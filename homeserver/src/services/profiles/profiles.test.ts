import { expect, test } from 'vitest'
import { parseJson } from '#matrix/events/parse-json.ts'
import { parseUserId, type UserId } from '#matrix/ids.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { accountServices } from '../accounts/test-support/account-services.ts'
import { createProfiles } from './index.ts'

async function setUp() {
  const database = await testDatabase()
  const changed: UserId[] = []
  const services = accountServices(database.db, {
    onProfileChange: (userId) => {
      changed.push(userId)
      return Promise.resolve()
    },
  })
  const alice = await services.accounts.create({ localpart: 'alice', password: 'correct horse' })
  const { accessToken } = await services.sessions.create(alice)
  const requester = await services.sessions.authenticate(accessToken)
  // as in another worker process
  const other = createProfiles({ ...services, onChange: () => Promise.resolve() })
  return {
    ...services,
    other,
    requester,
    changed,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('a new account has an empty profile, a stranger none', async () => {
  await using server = await setUp()
  const { profiles, requester } = server
  expect(await profiles.get(requester.userId)).toEqual({})
  expect(await profiles.fields(requester.userId)).toEqual({})
  const stranger = parseUserId('@bob:test.example')
  expect(await profiles.get(stranger)).toEqual({})
  expect(await profiles.fields(stranger)).toBeUndefined()
})

test('a new name is seen by every worker and told to the rooms', async () => {
  await using server = await setUp()
  const { changed, other, profiles, requester } = server
  await other.get(requester.userId)
  await profiles.setDisplayName(requester, 'Alice')
  expect(await other.get(requester.userId)).toEqual({ displayname: 'Alice' })
  await profiles.setDisplayName(requester, null)
  expect(await other.get(requester.userId)).toEqual({})
  expect(changed).toEqual([requester.userId, requester.userId])
})

test('setting the same name again changes nothing', async () => {
  await using server = await setUp()
  const { changed, profiles, requester } = server
  await profiles.setDisplayName(requester, 'Alice')
  await profiles.setDisplayName(requester, 'Alice')
  expect(changed).toHaveLength(1)
})

test('other fields keep any value and are not told to the rooms', async () => {
  await using server = await setUp()
  const { changed, other, profiles, requester } = server
  const value = parseJson('{"__proto__":{"a":1},"nul":"\\u0000","half":"\\ud800"}')
  await profiles.setField(requester, 'org.example.x', value)
  const fields = await other.fields(requester.userId)
  expect(JSON.stringify(fields?.['org.example.x'])).toBe(JSON.stringify(value))
  expect(changed).toEqual([])
})

test('changes at the same time are all kept', async () => {
  await using server = await setUp()
  const { other, profiles, requester } = server
  await Promise.all(
    ['a.a', 'b.b', 'c.c', 'd.d'].map((name, i) =>
      (i % 2 === 0 ? profiles : other).setField(requester, name, i),
    ),
  )
  const fields = await profiles.fields(requester.userId)
  expect(fields).toEqual({ 'a.a': 0, 'b.b': 1, 'c.c': 2, 'd.d': 3 })
})

test('removing a field that is not there is fine', async () => {
  await using server = await setUp()
  const { profiles, requester } = server
  await profiles.removeField(requester, 'm.tz')
  expect(await profiles.fields(requester.userId)).toEqual({})
})

test.each([
  ['displayname', 1, 'M_BAD_JSON'],
  ['displayname', null, 'M_BAD_JSON'],
  ['displayname', 'x'.repeat(1025), 'M_INVALID_PARAM'],
  ['displayname', '\ud800', 'M_INVALID_PARAM'],
  ['avatar_url', 'https://example.org/a.png', 'M_INVALID_PARAM'],
  ['avatar_url', {}, 'M_BAD_JSON'],
  ['m.tz', 1, 'M_BAD_JSON'],
  ['__proto__', 'x', 'M_INVALID_PARAM'],
  ['nodots', 'x', 'M_INVALID_PARAM'],
  ['UPPER.case', 'x', 'M_INVALID_PARAM'],
  [`a.${'b'.repeat(254)}`, 'x', 'M_KEY_TOO_LARGE'],
  ['a.b', 'x'.repeat(64 * 1024), 'M_PROFILE_TOO_LARGE'],
])('the field %s cannot be %j', async (name, value, errcode) => {
  await using server = await setUp()
  const { profiles, requester } = server
  const attempt = profiles.setField(requester, name, value)
  await expect(attempt).rejects.toMatchObject({ status: 400, errcode })
})
