import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, listAt } from '../../target/json.ts'
import { outcome, Session, V3 } from '../../target/session.ts'
import { hearthOnly, isForeign } from '../../target/target.ts'
import { expectOk, type User } from '../../target/user.ts'

const VERSIONS = '/_matrix/client/versions'
const WELL_KNOWN = '/.well-known/matrix/client'

let session: Session
let alice: User

beforeAll(async () => {
  session = await Session.start()
  alice = await session.user('alice')
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
})

test('the versions are told with and without a token, and not for one that is unknown', async () => {
  const versions = listAt(expectOk(await session.http.request('GET', VERSIONS)), 'versions')
  expect(versions).toContain('v1.1')
  expect(listAt(expectOk(await alice.call('GET', VERSIONS)), 'versions')).toEqual(versions)
  const unknown = await session.http.request('GET', VERSIONS, { token: 'nobody' })
  expect(outcome(unknown)).toBe('401 M_UNKNOWN_TOKEN')
})

test('the capabilities name the room versions, for users only', async () => {
  const body = expectOk(await alice.call('GET', `${V3}/capabilities`))
  const versions = at(body, 'capabilities', 'm.room_versions')
  const own = String(at(versions, 'default'))
  expect(at(versions, 'available', own)).toBe('stable')
  const stranger = await session.http.request('GET', `${V3}/capabilities`)
  expect(outcome(stranger)).toBe('401 M_MISSING_TOKEN')
})

const CONFIGURED = hearthOnly('it says what it is configured to')

test.skipIf(isForeign)(`the base URL is that of the request${CONFIGURED}`, async () => {
  const body = expectOk(await session.http.request('GET', WELL_KNOWN))
  expect(at(body, 'm.homeserver', 'base_url')).toBe(session.target.url)
})

test.skipIf(isForeign)(`who names no host is told no base URL${CONFIGURED}`, async () => {
  const headers = { Host: 'not a host' }
  const answer = await session.http.request('GET', WELL_KNOWN, { headers })
  expect(outcome(answer)).toBe('404 M_NOT_FOUND')
})
