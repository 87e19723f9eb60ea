import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../../target/json.ts'
import { outcome, Session, V3 } from '../../target/session.ts'
import { accountName } from '../../target/target.ts'
import { expectOk, type User } from '../../target/user.ts'

const WHOAMI = `${V3}/account/whoami`
const VALIDITY = '/_matrix/client/v1/register/m.login.registration_token/validity'
const GET_TOKEN = '/_matrix/client/v1/login/get_token'

let session: Session
let alice: User

beforeAll(async () => {
  session = await Session.start()
  alice = await session.user('alice')
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
})

const post = (path: string, body: unknown, token?: string) =>
  session.http.request('POST', path, { body, token })

const passwordOf = (name: string) => `password of ${accountName(name)}`

const signIn = (name: string, password = passwordOf(name)) =>
  post(`${V3}/login`, {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: accountName(name) },
    password,
  })

test('a registered account has a token that says who it is', async () => {
  const bob = await session.user('bob')
  expect(expectOk(await bob.call('GET', WHOAMI))).toMatchObject({
    user_id: bob.userId,
    device_id: bob.deviceId,
  })
  const stranger = await session.http.request('GET', WHOAMI, { token: 'nobody' })
  expect(outcome(stranger)).toBe('401 M_UNKNOWN_TOKEN')
})

test('a name is available until it is taken, and then nobody else gets it', async () => {
  const carol = accountName('carol')
  const path = `${V3}/register/available?username=${carol}`
  const free = await session.http.request('GET', path)
  expect(at(expectOk(free), 'available')).toBe(true)
  await session.user('carol')
  expect(outcome(await session.http.request('GET', path))).toBe('400 M_USER_IN_USE')
  const again = await post(`${V3}/register`, { username: carol, password: 'another' })
  expect(outcome(again)).toBe('400 M_USER_IN_USE')
})

test('a registration token that nobody has made is not valid', async () => {
  const unknown = await session.http.request('GET', `${VALIDITY}?token=none`)
  expect(at(expectOk(unknown), 'valid')).toBe(false)
  expect(outcome(await session.http.request('GET', VALIDITY))).toBe('400 M_MISSING_PARAM')
})

test('a password signs in where the flows say so, a wrong one does not', async () => {
  const flows = listAt(expectOk(await session.http.request('GET', `${V3}/login`)), 'flows')
  expect(flows.map((flow) => at(flow, 'type'))).toContain('m.login.password')
  const login = expectOk(await signIn('alice'))
  expect(stringAt(login, 'user_id')).toBe(alice.userId)
  expect(stringAt(login, 'device_id')).not.toBe(alice.deviceId)
  expect(outcome(await signIn('alice', 'wrong'))).toBe('403 M_FORBIDDEN')
})

test('a login token needs the password again, and signs in once', async () => {
  const asked = await post(GET_TOKEN, {}, alice.token)
  expect(asked.status).toBe(401)
  const auth = (password: string) => ({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: alice.userId },
    password,
    session: stringAt(asked.body, 'session'),
  })
  const wrong = await post(GET_TOKEN, { auth: auth('wrong') }, alice.token)
  expect(outcome(wrong)).toBe('401 M_FORBIDDEN')
  const made = await post(GET_TOKEN, { auth: auth(passwordOf('alice')) }, alice.token)
  const login = { type: 'm.login.token', token: stringAt(expectOk(made), 'login_token') }
  expect(at(expectOk(await post(`${V3}/login`, login)), 'user_id')).toBe(alice.userId)
  expect(outcome(await post(`${V3}/login`, login))).toBe('403 M_FORBIDDEN')
})

test('logging out ends one session and leaves the others', async () => {
  const token = stringAt(expectOk(await signIn('alice')), 'access_token')
  expect(expectOk(await post(`${V3}/logout`, {}, token))).toEqual({})
  expect(outcome(await post(`${V3}/logout`, {}, token))).toBe('401 M_UNKNOWN_TOKEN')
  expectOk(await alice.call('GET', WHOAMI))
})

test('logging out everywhere ends them all', async () => {
  const dave = await session.user('dave')
  const token = stringAt(expectOk(await signIn('dave')), 'access_token')
  expect(expectOk(await post(`${V3}/logout/all`, {}, token))).toEqual({})
  expect(outcome(await post(`${V3}/logout/all`, {}, token))).toBe('401 M_UNKNOWN_TOKEN')
  expect(outcome(await dave.call('GET', WHOAMI))).toBe('401 M_UNKNOWN_TOKEN')
})
