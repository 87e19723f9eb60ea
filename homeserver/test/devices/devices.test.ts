import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

const V3 = '/_matrix/client/v3'
const unknownToken = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }

let server: TestServer
let alice: TestUser
beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const password = (user: TestUser, secret = 'a password') => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: user.userId },
  password: secret,
})

const signIn = (user: string, more: object = {}) =>
  server.request('POST', `${V3}/login`, {
    body: { type: 'm.login.password', user, password: 'a password', ...more },
  })

const whoami = (token: string) => server.request('GET', `${V3}/account/whoami`, { token })
const idsOf = async (user: TestUser) =>
  list(ok(await user.call('GET', '/devices')), 'devices').map((device) => at(device, 'device_id'))

test('a device has the name of its first sign-in, and when and from where it was last used', async () => {
  const more = { device_id: 'TABLET', initial_device_display_name: 'My tablet' }
  const token = text(ok(await signIn('alice', more)), 'access_token')
  expect(ok(await alice.call('GET', '/devices/TABLET'))).toEqual({
    device_id: 'TABLET',
    display_name: 'My tablet',
  })
  ok(await whoami(token))
  expect(ok(await alice.call('GET', '/devices/TABLET'))).toEqual({
    device_id: 'TABLET',
    display_name: 'My tablet',
    last_seen_ip: '127.0.0.1',
    last_seen_ts: expect.any(Number),
  })
})

test('the list has all of the own devices and no others', async () => {
  const bob = await server.user('bob')
  const second = await bob.otherDevice()
  expect(await idsOf(bob)).toEqual([bob.deviceId, second.deviceId])
  expect(await idsOf(second)).toEqual([bob.deviceId, second.deviceId])
})

test('a device is renamed', async () => {
  ok(await signIn('alice', { device_id: 'NAMED' }))
  const name = (body: unknown) => alice.call('PUT', '/devices/NAMED', body)
  expect(ok(await name({ display_name: 'Päd 😀' }))).toEqual({})
  expect(ok(await alice.call('GET', '/devices/NAMED'))).toMatchObject({ display_name: 'Päd 😀' })
  ok(await name({}))
  expect(ok(await alice.call('GET', '/devices/NAMED'))).toMatchObject({ display_name: 'Päd 😀' })
})

test.each([
  [{ display_name: 1 }, 400, 'M_BAD_JSON'],
  [{ display_name: null }, 400, 'M_BAD_JSON'],
  [{ display_name: 'a\0' }, 400, 'M_INVALID_PARAM'],
  [{ display_name: 'x'.repeat(257) }, 400, 'M_INVALID_PARAM'],
  [[], 400, 'M_BAD_JSON'],
])('renaming with %j is refused', async (body, status, errcode) => {
  const answer = await alice.call('PUT', `/devices/${alice.deviceId}`, body)
  expect(answer).toMatchObject({ status, body: { errcode } })
})

test('devices that one does not have are not found, also when they are of somebody else', async () => {
  const carl = await server.user('carl')
  for (const id of ['UNKNOWN', carl.deviceId, encodeURIComponent('a/b?'), '__proto__']) {
    const missing = { status: 404, body: { errcode: 'M_NOT_FOUND' } }
    expect(await alice.call('GET', `/devices/${id}`)).toMatchObject(missing)
    expect(await alice.call('PUT', `/devices/${id}`, { display_name: 'x' })).toMatchObject(missing)
    expect(await alice.call('PUT', `/devices/${id}`, {})).toMatchObject(missing)
  }
})

test.each([
  ['GET', '/devices'],
  ['GET', '/devices/X'],
  ['PUT', '/devices/X'],
  ['DELETE', '/devices/X'],
  ['POST', '/delete_devices'],
])('%s %s needs a token', async (method, path) => {
  const options = method === 'GET' ? {} : { body: { devices: [] } }
  const answer = await server.request(method, V3 + path, options)
  expect(answer).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } })
})

test('deleting a device takes the password, and ends its session on every worker', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const dave = await server.user('dave')
  const second = await dave.otherDevice()
  const path = `/devices/${second.deviceId}`
  ok(await other.request('GET', `${V3}/account/whoami`, { token: second.token }))

  const challenge = await dave.call('DELETE', path)
  expect(challenge).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }], params: {}, session: expect.any(String) },
  })
  const session = at(challenge.body, 'session')
  const wrong = await dave.call('DELETE', path, { auth: { ...password(dave, 'no'), session } })
  expect(wrong).toMatchObject({ status: 401, body: { errcode: 'M_FORBIDDEN', session } })
  expect((await whoami(second.token)).status).toBe(200)

  expect(ok(await dave.call('DELETE', path, { auth: { ...password(dave), session } }))).toEqual({})
  expect(await whoami(second.token)).toMatchObject(unknownToken)
  await expect
    .poll(async () => await other.request('GET', `${V3}/account/whoami`, { token: second.token }))
    .toMatchObject(unknownToken)
  expect(await idsOf(dave)).toEqual([dave.deviceId])
})

test('a sync that waits on a deleted device is told at once', async () => {
  const emil = await server.user('emil')
  const second = await emil.otherDevice()
  const since = text(await second.sync(), 'next_batch')
  const waiting = second.call('GET', `/sync?timeout=20000&since=${since}`)
  ok(await emil.call('DELETE', `/devices/${second.deviceId}`, { auth: password(emil) }))
  expect(await waiting).toMatchObject(unknownToken)
})

test('the password of another user deletes nothing', async () => {
  const [fred, gina] = [await server.user('fred'), await server.user('gina')]
  const second = await fred.otherDevice()
  const path = `/devices/${second.deviceId}`
  const answer = await fred.call('DELETE', path, { auth: password(gina) })
  expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  expect((await whoami(second.token)).status).toBe(200)
  // nor does the own password delete devices of others
  ok(await gina.call('DELETE', path, { auth: password(gina) }))
  ok(
    await gina.call('POST', '/delete_devices', {
      devices: [second.deviceId],
      auth: password(gina),
    }),
  )
  expect((await whoami(second.token)).status).toBe(200)
})

test('several devices are deleted at once, known or not, the own one too', async () => {
  const hans = await server.user('hans')
  const second = await hans.otherDevice()
  const third = await hans.otherDevice()
  const body = { devices: [second.deviceId, hans.deviceId, 'UNKNOWN'], auth: password(hans) }
  expect(ok(await hans.call('POST', '/delete_devices', body))).toEqual({})
  expect(await whoami(second.token)).toMatchObject(unknownToken)
  expect(await whoami(hans.token)).toMatchObject(unknownToken)
  expect(await idsOf(third)).toEqual([third.deviceId])
})

test.each([
  [{}, 400, 'M_MISSING_PARAM'],
  [{ devices: 'PHONE' }, 400, 'M_BAD_JSON'],
  [{ devices: [1] }, 400, 'M_BAD_JSON'],
  [{ devices: ['\0'] }, 400, 'M_INVALID_PARAM'],
  [{ devices: [], auth: 'x' }, 400, 'M_BAD_JSON'],
])('deleting devices with %j is refused', async (body, status, errcode) => {
  expect(await alice.call('POST', '/delete_devices', body)).toMatchObject({
    status,
    body: { errcode },
  })
})

test('a password that was just entered counts for further devices, but never without auth', async () => {
  const ida = await server.user('ida')
  const others = [await ida.otherDevice(), await ida.otherDevice(), await ida.otherDevice()]
  const [first, second, third] = others.map((other) => `/devices/${other.deviceId}`)
  ok(await ida.call('DELETE', first ?? '', { auth: password(ida) }))
  const challenge = await ida.call('DELETE', second ?? '')
  expect(challenge).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.dummy'] }, { stages: ['m.login.password'] }] },
  })
  const auth = { type: 'm.login.dummy', session: at(challenge.body, 'session') }
  ok(await ida.call('DELETE', second ?? '', { auth }))
  // on this device, and for harmless operations only
  const elsewhere = await others[2]?.call('DELETE', third ?? '')
  expect(at(elsewhere?.body, 'flows')).toEqual([{ stages: ['m.login.password'] }])
  const body = { new_password: 'another password' }
  const change = await ida.call('POST', '/account/password', body)
  expect(at(change.body, 'flows')).toEqual([{ stages: ['m.login.password'] }])
  const token = await ida.call('POST', '/account/deactivate', { auth: { type: 'm.login.dummy' } })
  expect(token.status).toBe(401)
})
