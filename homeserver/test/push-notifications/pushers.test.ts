import { afterAll, beforeAll, expect, test } from 'vitest'
import { ANY_ADDRESS } from '#platform/outbound/address-guard.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { pusher, setPusher } from './gateway.ts'

const URL = 'https://push.example.org/_matrix/push/v1/notify'

let server: TestServer
let alice: TestUser | undefined
let count = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const newUser = () => server.user(`user${(count += 1)}`)
const pushers = async (user: TestUser) => list(ok(await user.call('GET', '/pushers')), 'pushers')

test('a pusher is kept as it was set, changed and deleted', async () => {
  const user = await newUser()
  const data = { url: URL, format: 'event_id_only', 'org.example': { nested: [1] } }
  await setPusher(user, URL, { data, profile_tag: 'tag' })
  const { kind, ...rest } = pusher(URL, { data, profile_tag: 'tag' })
  expect(await pushers(user)).toEqual([{ kind, ...rest }])
  await setPusher(user, URL, { lang: 'de' })
  expect(await pushers(user)).toEqual([pusher(URL, { lang: 'de' })])
  await setPusher(user, URL, { pushkey: 'other' })
  expect(await pushers(user)).toHaveLength(2)
  const { app_id, pushkey } = pusher(URL)
  ok(await user.call('POST', '/pushers/set', { kind: null, app_id, pushkey }))
  expect((await pushers(user)).map((found) => at(found, 'pushkey'))).toEqual(['other'])
  ok(await user.call('POST', '/pushers/set', { kind: null, app_id, pushkey: 'never was' }))
})

test('a key belongs to one user, unless it is appended', async () => {
  const [one, two, three] = [await newUser(), await newUser(), await newUser()]
  const key = { pushkey: 'shared' }
  await setPusher(one, URL, key)
  await setPusher(two, URL, { ...key, append: true })
  expect([await pushers(one), await pushers(two)].map(({ length }) => length)).toEqual([1, 1])
  await setPusher(three, URL, { ...key, append: false })
  const left = [await pushers(one), await pushers(two), await pushers(three)]
  expect(left.map(({ length }) => length)).toEqual([0, 0, 1])
})

test('nobody deletes the pusher of somebody else', async () => {
  const [owner, other] = [await newUser(), await newUser()]
  await setPusher(owner, URL, { pushkey: 'of the owner' })
  const { app_id } = pusher(URL)
  ok(await other.call('POST', '/pushers/set', { kind: null, app_id, pushkey: 'of the owner' }))
  expect(await pushers(owner)).toHaveLength(1)
})

test('a pusher goes with the device that set it last', async () => {
  const phone = await newUser()
  const tablet = await phone.otherDevice()
  await setPusher(phone, URL, { pushkey: 'phone' })
  await setPusher(phone, URL, { pushkey: 'both' })
  await setPusher(tablet, URL, { pushkey: 'both' })
  ok(await phone.call('POST', '/logout', {}))
  expect((await pushers(tablet)).map((found) => at(found, 'pushkey'))).toEqual(['both'])
  ok(await tablet.call('POST', '/logout/all', {}))
  expect(await pushers(await phone.otherDevice())).toEqual([])
})

test('a new password ends the pushers of the sessions that it ends', async () => {
  const phone = await newUser()
  const tablet = await phone.otherDevice()
  await setPusher(phone, URL, { pushkey: 'phone' })
  await setPusher(tablet, URL, { pushkey: 'tablet' })
  const auth = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: phone.userId },
    password: 'a password',
  }
  const change = { new_password: 'another password', auth }
  ok(await phone.call('POST', '/account/password', { ...change, logout_devices: false }))
  expect(await pushers(phone)).toHaveLength(2)
  const again = { ...auth, password: 'another password' }
  ok(await phone.call('POST', '/account/password', { ...change, auth: again }))
  expect((await pushers(phone)).map((found) => at(found, 'pushkey'))).toEqual(['phone'])
})

test.each<[Record<string, unknown>, string]>([
  [{ kind: undefined }, 'M_MISSING_PARAM'],
  [{ kind: 1 }, 'M_BAD_JSON'],
  [{ kind: 'email' }, 'M_INVALID_PARAM'],
  [{ app_id: undefined }, 'M_MISSING_PARAM'],
  [{ app_id: 'a'.repeat(65) }, 'M_INVALID_PARAM'],
  [{ pushkey: undefined }, 'M_MISSING_PARAM'],
  [{ pushkey: 'ä'.repeat(257) }, 'M_INVALID_PARAM'],
  [{ pushkey: 'a\0b' }, 'M_INVALID_PARAM'],
  [{ lang: undefined }, 'M_MISSING_PARAM'],
  [{ app_display_name: undefined }, 'M_MISSING_PARAM'],
  [{ device_display_name: undefined }, 'M_MISSING_PARAM'],
  [{ data: undefined }, 'M_MISSING_PARAM'],
  [{ data: [] }, 'M_BAD_JSON'],
  [{ data: {} }, 'M_MISSING_PARAM'],
  [{ data: { url: 1 } }, 'M_BAD_JSON'],
  [{ data: { url: 'nonsense' } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('https', 'http') } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('https', 'ftp') } }, 'M_INVALID_PARAM'],
  [{ data: { url: 'https://push.example.org/elsewhere' } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('//', '//user:pw@') } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('push.example.org', '127.0.0.1') } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('push.example.org', '[::ffff:10.0.0.1]') } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL.replace('push.example.org', '0x7f.1') } }, 'M_INVALID_PARAM'],
  [{ data: { url: URL, format: 'all_of_it' } }, 'M_INVALID_PARAM'],
])('a pusher with %j is refused with %s', async (change, errcode) => {
  alice ??= await newUser()
  const answer = await alice.call('POST', '/pushers/set', pusher(URL, change))
  expect([answer.status, at(answer.body, 'errcode')]).toEqual([400, errcode])
  expect(await pushers(alice)).toEqual([])
})

test('there is an end to the number of pushers', async () => {
  const user = await newUser()
  for (let n = 0; n < 100; n += 1) await setPusher(user, URL, { pushkey: `key${n}` })
  const answer = await user.call('POST', '/pushers/set', pusher(URL, { pushkey: 'one more' }))
  expect([answer.status, at(answer.body, 'errcode')]).toEqual([403, 'M_RESOURCE_LIMIT_EXCEEDED'])
  await setPusher(user, URL, { pushkey: 'key7', lang: 'de' })
})

test('plain HTTP is taken where the operator has listed addresses', async () => {
  await using open = await startTestServer({ policies: { addresses: ANY_ADDRESS } })
  const user = await open.user('alice')
  await setPusher(user, URL.replace('https', 'http'))
  expect(await pushers(user)).toHaveLength(1)
})

test('pushers need a token', async () => {
  const path = '/_matrix/client/v3/pushers'
  expect((await server.request('GET', path)).status).toBe(401)
  expect((await server.request('POST', `${path}/set`, { body: pusher(URL) })).status).toBe(401)
})
