import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, type TestUser } from '../harness/user.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const ALICE = '/profile/@alice:test.example'
const read = (path: string) => server.request('GET', `/_matrix/client/v3${path}`)

test('a name is set, read by anybody and removed', async () => {
  expect(ok(await alice.call('PUT', `${ALICE}/displayname`, { displayname: 'Alice 😀' }))).toEqual(
    {},
  )
  expect(ok(await read(ALICE))).toEqual({ displayname: 'Alice 😀' })
  expect(ok(await read(`${ALICE}/displayname`))).toEqual({ displayname: 'Alice 😀' })
  expect(ok(await alice.call('DELETE', `${ALICE}/displayname`))).toEqual({})
  expect(ok(await read(ALICE))).toEqual({})
  expect((await read(`${ALICE}/displayname`)).body).toMatchObject({ errcode: 'M_NOT_FOUND' })
})

test('avatar, time zone and custom fields are kept', async () => {
  const fields = {
    avatar_url: 'mxc://test.example/abc',
    'm.tz': 'Europe/Berlin',
    'org.example.field': { a: [1, null] },
  }
  for (const [name, value] of Object.entries(fields)) {
    ok(await bob.call('PUT', `/profile/${bob.userId}/${name}`, { [name]: value }))
  }
  expect(ok(await read(`/profile/${encodeURIComponent(bob.userId)}`))).toEqual(fields)
})

test("nobody changes another's profile", async () => {
  const forbidden = { status: 403, body: { errcode: 'M_FORBIDDEN' } }
  const put = await bob.call('PUT', `${ALICE}/displayname`, { displayname: 'Mallory' })
  expect(put).toMatchObject(forbidden)
  expect(await bob.call('DELETE', `${ALICE}/displayname`)).toMatchObject(forbidden)
})

test.each([
  ['displayname', {}, 'M_MISSING_PARAM'],
  ['displayname', { displayname: 1 }, 'M_BAD_JSON'],
  ['displayname', { displayname: '\ud800' }, 'M_INVALID_PARAM'],
  ['avatar_url', { avatar_url: 'https://example.org/x.png' }, 'M_INVALID_PARAM'],
  ['nodot', { nodot: 'x' }, 'M_INVALID_PARAM'],
])('the field %s cannot be set by %j', async (name, body, errcode) => {
  const answer = await alice.call('PUT', `${ALICE}/${name}`, body)
  expect(answer).toMatchObject({ status: 400, body: { errcode } })
})

test('a stranger has no profile', async () => {
  for (const userId of ['@nobody:test.example', '@alice:other.example']) {
    expect(await read(`/profile/${userId}`)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    })
  }
  expect((await read('/profile/nobody')).body).toMatchObject({ errcode: 'M_INVALID_PARAM' })
})
