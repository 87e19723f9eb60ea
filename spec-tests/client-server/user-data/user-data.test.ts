import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../../target/json.ts'
import { outcome, Session, V3 } from '../../target/session.ts'
import { expectOk, type User } from '../../target/user.ts'

let session: Session
let alice: User
let bob: User

beforeAll(async () => {
  session = await Session.start()
  alice = await session.user('alice')
  bob = await session.user('bob')
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
})

const profile = (userId: string) => `${V3}/profile/${encodeURIComponent(userId)}`
const dataOf = (user: User) => `${V3}/user/${encodeURIComponent(user.userId)}`
const nobody = () => alice.userId.replace('@', '@nobody-')

test('a name is set by its owner, read by everybody, and taken away', async () => {
  const name = `${profile(alice.userId)}/displayname`
  const body = { displayname: 'Alice' }
  expect(expectOk(await alice.call('PUT', name, body))).toEqual({})
  expect(expectOk(await bob.call('GET', name))).toEqual(body)
  expect(expectOk(await bob.call('GET', profile(alice.userId)))).toMatchObject(body)
  expect(outcome(await bob.call('PUT', name, body))).toBe('403 M_FORBIDDEN')
  expect(outcome(await bob.call('DELETE', name))).toBe('403 M_FORBIDDEN')
  expect(expectOk(await alice.call('DELETE', name))).toEqual({})
  expect(outcome(await bob.call('GET', name))).toBe('404 M_NOT_FOUND')
  expect(outcome(await bob.call('GET', profile(nobody())))).toBe('404 M_NOT_FOUND')
})

test('account data is for its owner alone, in general and for a room', async () => {
  const room = await alice.createRoom()
  const paths = [
    `${dataOf(alice)}/account_data/org.example.own`,
    `${dataOf(alice)}/rooms/${encodeURIComponent(room)}/account_data/org.example.own`,
  ]
  for (const path of paths) {
    const body = { kept: ['as', { it: 'is' }] }
    expect(outcome(await alice.call('GET', path))).toBe('404 M_NOT_FOUND')
    expect(expectOk(await alice.call('PUT', path, body))).toEqual({})
    expect(expectOk(await alice.call('GET', path))).toEqual(body)
    expect(outcome(await bob.call('GET', path))).toBe('403 M_FORBIDDEN')
    expect(outcome(await bob.call('PUT', path, body))).toBe('403 M_FORBIDDEN')
  }
})

test('everybody begins with the default push rules', async () => {
  const rules = `${V3}/pushrules`
  const all = at(expectOk(await alice.call('GET', `${rules}/`)), 'global')
  expect(expectOk(await alice.call('GET', `${rules}/global/`))).toEqual(all)
  expect(listAt(all, 'override').map((rule) => at(rule, 'rule_id'))).toContain('.m.rule.master')
  const master = `${rules}/global/override/.m.rule.master`
  expect(at(expectOk(await alice.call('GET', master)), 'default')).toBe(true)
  const actions = expectOk(await alice.call('GET', `${master}/actions`))
  expect(listAt(actions, 'actions').filter((action) => action !== 'dont_notify')).toEqual([])
  expect(expectOk(await alice.call('GET', `${master}/enabled`))).toEqual({ enabled: false })
  const absent = `${rules}/global/override/org.example.none`
  for (const path of [absent, `${absent}/actions`, `${absent}/enabled`]) {
    expect(outcome(await alice.call('GET', path))).toBe('404 M_NOT_FOUND')
  }
  for (const path of [`${rules}/`, `${rules}/global/`]) {
    expect(outcome(await session.http.request('GET', path))).toBe('401 M_MISSING_TOKEN')
  }
})

test('a message to a device arrives there', async () => {
  const path = `${V3}/sendToDevice/org.example.ping`
  const messages = { [bob.userId]: { [bob.deviceId]: { hello: 'device' } } }
  expect(expectOk(await alice.call('PUT', `${path}/1`, { messages }))).toEqual({})
  const events = listAt(await bob.sync({ timeout: '10000' }), 'to_device', 'events')
  expect(events).toEqual([
    { type: 'org.example.ping', sender: alice.userId, content: { hello: 'device' } },
  ])
  const mistyped = await alice.call('PUT', `${path}/2`, { messages: 'none' })
  expect(outcome(mistyped)).toBe('400 M_BAD_JSON')
  expect(stringAt(mistyped.body, 'error')).not.toBe('')
})
