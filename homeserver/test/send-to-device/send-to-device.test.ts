import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { contents, newTxn, send, sendNumber, toDevice } from './inbox.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let phone: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

let counter = 0

/** Bob with two devices whose inboxes are empty. */
async function newReceivers(): Promise<void> {
  bob = await server.user(`bob${++counter}`)
  phone = await bob.otherDevice()
}

describe('a message', () => {
  test('goes to the device that is named, with sender, type and content', async () => {
    await newReceivers()
    const content = { 'a/b': [1, null, { c: '✓ \0 \ud800' }], body: 'hi' }
    await send(alice, { [bob.userId]: { [phone.deviceId]: content } }, { type: 'm.some/type ü' })
    expect(toDevice(await phone.sync())).toEqual([
      { sender: alice.userId, type: 'm.some/type ü', content },
    ])
    expect(at(await bob.sync(), 'to_device')).toBeUndefined()
  })

  test('keeps keys that objects have by nature', async () => {
    await newReceivers()
    const raw = `{"messages":{"${bob.userId}":{"${bob.deviceId}":{"__proto__":{"a":1},"constructor":2}}}}`
    const path = `/_matrix/client/v3/sendToDevice/m.test/${newTxn()}`
    ok(await server.request('PUT', path, { token: alice.token, raw }))
    const answer = await bob.call('GET', '/sync')
    expect(answer.text).toContain('"content":{"__proto__":{"a":1},"constructor":2}')
  })

  test('for * goes to all devices of the user; one that is named gets its own', async () => {
    await newReceivers()
    const carol = await server.user(`carol${counter}`)
    await send(alice, {
      [bob.userId]: { '*': { to: 'all' }, [phone.deviceId]: { to: 'phone' } },
      [carol.userId]: { '*': { to: 'carol' } },
    })
    expect(contents(await bob.sync())).toEqual([{ to: 'all' }])
    expect(contents(await phone.sync())).toEqual([{ to: 'phone' }])
    expect(contents(await carol.sync())).toEqual([{ to: 'carol' }])
  })

  test('may go to the sender itself', async () => {
    await newReceivers()
    await send(bob, { [bob.userId]: { '*': { self: true } } })
    expect(contents(await bob.sync())).toEqual([{ self: true }])
    expect(contents(await phone.sync())).toEqual([{ self: true }])
  })

  test('to devices and users that are nowhere, or on other servers, is dropped silently', async () => {
    await newReceivers()
    await send(alice, {
      [bob.userId]: { NOWHERE: {}, '': {}, [phone.deviceId]: { to: 'phone' } },
      '@nobody:other.example': { '*': {} },
      [bob.userId.replace('bob', 'nobody')]: { '*': {}, A: {} },
    })
    await send(alice, {})
    await send(alice, { [bob.userId]: {} })
    expect(contents(await phone.sync())).toEqual([{ to: 'phone' }])
    expect(contents(await bob.sync())).toEqual([])
  })

  test.each(['r0', 'unstable'])('is taken under /%s, too', async (version) => {
    await newReceivers()
    const body = { messages: { [bob.userId]: { '*': { version } } } }
    const path = `/_matrix/client/${version}/sendToDevice/m.test/${newTxn()}`
    ok(await server.request('PUT', path, { token: alice.token, body }))
    expect(contents(await bob.sync())).toEqual([{ version }])
  })
})

describe('a transaction', () => {
  test('that comes again delivers nothing, whatever it brings', async () => {
    await newReceivers()
    const txn = newTxn()
    await send(alice, { [bob.userId]: { '*': { n: 1 } } }, { txn })
    await send(alice, { [bob.userId]: { '*': { n: 2 } } }, { txn })
    expect(contents(await bob.sync())).toEqual([{ n: 1 }])
  })

  test('is another one with another type, or from another device', async () => {
    await newReceivers()
    const txn = newTxn()
    const laptop = await alice.otherDevice()
    await send(alice, { [bob.userId]: { '*': { n: 1 } } }, { txn })
    await send(alice, { [bob.userId]: { '*': { n: 2 } } }, { txn, type: 'm.other' })
    await send(laptop, { [bob.userId]: { '*': { n: 3 } } }, { txn })
    expect(contents(await bob.sync())).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test('that had no receiver is known all the same', async () => {
    const txn = newTxn()
    const late = `@late${++counter}:${alice.userId.slice(alice.userId.indexOf(':') + 1)}`
    await send(alice, { [late]: { '*': { n: 1 } } }, { txn })
    const user = await server.user(`late${counter}`)
    expect(user.userId).toBe(late)
    await send(alice, { [late]: { '*': { n: 1 } } }, { txn })
    expect(contents(await user.sync())).toEqual([])
  })

  test('is known to other workers, at the same time too, and after a restart', async () => {
    await newReceivers()
    await using other = await startTestServer({ databaseUrl: server.databaseUrl })
    const txn = newTxn()
    const body = { messages: { [bob.userId]: { '*': { n: 1 } } } }
    const path = `/_matrix/client/v3/sendToDevice/m.test/${txn}`
    const put = (at: TestServer) => at.request('PUT', path, { token: alice.token, body })
    for (const answer of await Promise.all([server, other, server, other].map(put))) ok(answer)
    await using restarted = await startTestServer({ databaseUrl: server.databaseUrl })
    ok(await put(restarted))
    expect(contents(await bob.sync())).toEqual([{ n: 1 }])
  })
})

describe('a bad request', () => {
  const path = (): string => `/_matrix/client/v3/sendToDevice/m.test/${newTxn()}`

  test.each([
    ['{', 400, 'M_NOT_JSON'],
    ['[]', 400, 'M_BAD_JSON'],
    ['{}', 400, 'M_MISSING_PARAM'],
    ['{"messages":[]}', 400, 'M_BAD_JSON'],
    ['{"messages":null}', 400, 'M_BAD_JSON'],
    ['{"messages":{"@a:b":"c"}}', 400, 'M_BAD_JSON'],
    ['{"messages":{"@a:b":{"C":"d"}}}', 400, 'M_BAD_JSON'],
    ['{"messages":{"@a:b":{"C":[]}}}', 400, 'M_BAD_JSON'],
    ['{"messages":{"alice":{"C":{}}}}', 400, 'M_BAD_JSON'],
  ])('%s is refused', async (raw, status, errcode) => {
    const answer = await server.request('PUT', path(), { token: alice.token, raw })
    expect(answer).toMatchObject({ status, body: { errcode } })
  })

  test('with a message of more than 64 KiB delivers nothing of it', async () => {
    await newReceivers()
    const body = (length: number) => ({
      messages: {
        [bob.userId]: { [bob.deviceId]: {}, [phone.deviceId]: { a: 'x'.repeat(length) } },
      },
    })
    const put = (length: number) =>
      server.request('PUT', path(), { token: alice.token, body: body(length) })
    expect(await put(65_529)).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } })
    expect(contents(await bob.sync())).toEqual([])
    ok(await put(65_528))
    expect(contents(await bob.sync())).toEqual([{}])
  })

  test('with a message that would be stored too often delivers nothing of it', async () => {
    await newReceivers()
    const manyDevices = 600
    await sql`INSERT INTO devices (user_key, device_id, created_ts)
      SELECT a.user_key, 'D' || n, 0 FROM accounts a, generate_series(1, ${sql.lit(manyDevices)}) AS n
      WHERE a.user_id = ${bob.userId}`.execute(server.ctx.db)
    const put = (bytes: number) => {
      const messages = { [bob.userId]: { '*': { a: 'x'.repeat(bytes - '{"a":""}'.length) } } }
      return server.request('PUT', path(), { token: alice.token, body: { messages } })
    }
    const share = Math.floor((32 * 1024 * 1024) / manyDevices)
    expect(await put(share)).toMatchObject({ status: 413, body: { errcode: 'M_TOO_LARGE' } })
    expect(contents(await bob.sync())).toEqual([])
    ok(await put(1024))
    expect(contents(await bob.sync())).toHaveLength(1)
  })

  test('without a token is refused', async () => {
    const answer = await server.request('PUT', path(), { body: { messages: {} } })
    expect(answer).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } })
  })
})

describe('the messages of a device', () => {
  const stored = async (): Promise<number> => {
    const { rows } = await sql`SELECT FROM inbox b JOIN devices d ON d.key = b.device
      JOIN accounts a USING (user_key) WHERE a.user_id = ${bob.userId}
      UNION ALL SELECT FROM inbox b WHERE NOT EXISTS (SELECT FROM devices d WHERE d.key = b.device)`.execute(
      server.ctx.db,
    )
    return rows.length
  }

  test('go with it when it signs out', async () => {
    await newReceivers()
    await sendNumber(alice, bob, 1)
    await sendNumber(alice, phone, 2)
    expect(await stored()).toBe(2)
    ok(await bob.call('POST', '/logout'))
    expect(await stored()).toBe(1)
    expect(contents(await phone.sync())).toEqual([{ n: 2 }])
  })

  test('go when all devices sign out; a new device of the same name gets none', async () => {
    await newReceivers()
    await send(alice, { [bob.userId]: { '*': { n: 1 } } })
    ok(await bob.call('POST', '/logout/all'))
    expect(await stored()).toBe(0)
  })

  test('stay when it signs in again under its ID', async () => {
    await newReceivers()
    await sendNumber(alice, bob, 1)
    const login = await server.request('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: bob.userId },
        password: 'a password',
        device_id: bob.deviceId,
      },
    })
    const token = String(at(ok(login), 'access_token'))
    const answer = await server.request('GET', '/_matrix/client/v3/sync', { token })
    expect(contents(ok(answer))).toEqual([{ n: 1 }])
  })
})
