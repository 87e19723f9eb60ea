import { expect, test, vi } from 'vitest'
import { unavailable } from '#matrix/errors.ts'
import { parseDeviceId } from '#matrix/ids.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { accountServices } from '../accounts/test-support/account-services.ts'
import { createSessions } from './index.ts'

const unknown = { status: 401, errcode: 'M_UNKNOWN_TOKEN' }

async function setUp(db: Parameters<typeof accountServices>[0]) {
  const services = accountServices(db)
  const account = await services.accounts.create({ localpart: 'alice', password: 'correct horse' })
  // as in another worker process: caches of its own, the same database and log
  const other = createSessions(services)
  return { ...services, account, other }
}

test('an access token tells its owner and device', async () => {
  await using database = await testDatabase()
  const { account, sessions } = await setUp(database.db)
  const { accessToken, deviceId } = await sessions.create(account, { displayName: 'Phone' })
  const requester = await sessions.authenticate(accessToken)
  expect(requester).toMatchObject({ userId: account.userId, deviceId, admin: false })
  expect(requester.mayActAs(account.userId)).toBe(true)
})

test('a token nobody issued is unknown', async () => {
  await using database = await testDatabase()
  const { sessions } = await setUp(database.db)
  for (const token of ['', 'hearth_x', '\0', '\ud800']) {
    await expect(sessions.authenticate(token)).rejects.toMatchObject(unknown)
  }
})

test('the database does not hold the token itself', async () => {
  await using database = await testDatabase()
  const { account, sessions } = await setUp(database.db)
  const { accessToken } = await sessions.create(account)
  const rows = await database.db.selectFrom('access_tokens').select('hash').execute()
  expect(rows).toHaveLength(1)
  expect(rows[0]?.hash.toString('latin1')).not.toContain(accessToken)
})

test('after logout every worker has forgotten the token', async () => {
  await using database = await testDatabase()
  const { account, other, sessions } = await setUp(database.db)
  const { accessToken } = await sessions.create(account)
  const requester = await other.authenticate(accessToken)
  await sessions.logout(requester)
  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject(unknown)
  await expect(other.authenticate(accessToken)).rejects.toMatchObject(unknown)
  expect(await database.db.selectFrom('devices').selectAll().execute()).toEqual([])
})

test('a login that a failover lost is forgotten with the end of the log', async () => {
  await using database = await testDatabase()
  const { account, log, sessions } = await setUp(database.db)
  const { accessToken } = await sessions.create(account)
  await sessions.authenticate(accessToken)
  await database.db.deleteFrom('access_tokens').execute()
  await sessions.authenticate(accessToken)
  log.reset()
  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject(unknown)
})

test('logging out leaves the other devices alone, logging out of all does not', async () => {
  await using database = await testDatabase()
  const { account, sessions } = await setUp(database.db)
  const [first, second, third] = [
    await sessions.create(account),
    await sessions.create(account),
    await sessions.create(account),
  ]
  await sessions.logout(await sessions.authenticate(first.accessToken))
  const requester = await sessions.authenticate(second.accessToken)
  await sessions.logoutAll(requester)
  for (const { accessToken } of [first, second, third]) {
    await expect(sessions.authenticate(accessToken)).rejects.toMatchObject(unknown)
  }
})

test.each(['logout', 'logoutAll'] as const)(
  'a %s that could not be told to the workers can be repeated',
  async (operation) => {
    await using database = await testDatabase()
    const { account, log, sessions } = await setUp(database.db)
    const { accessToken } = await sessions.create(account)
    const other = await sessions.create(account)
    const requester = await sessions.authenticate(accessToken)
    await sessions.authenticate(other.accessToken)
    vi.spyOn(log, 'append').mockRejectedValueOnce(unavailable('away'))
    await expect(sessions[operation](requester)).rejects.toMatchObject({ status: 503 })
    await sessions[operation](requester)
    for (const token of operation === 'logout' ? [accessToken] : [accessToken, other.accessToken]) {
      await expect(sessions.authenticate(token)).rejects.toMatchObject(unknown)
    }
  },
)

test('signing in on a known device keeps the device and ends its old token', async () => {
  await using database = await testDatabase()
  const { account, other, sessions } = await setUp(database.db)
  const deviceId = parseDeviceId('PHONE')
  const old = await sessions.create(account, { deviceId, displayName: 'Old name' })
  const before = await other.authenticate(old.accessToken)
  const now = await sessions.create(account, { deviceId, displayName: 'New name' })
  await expect(other.authenticate(old.accessToken)).rejects.toMatchObject(unknown)
  expect((await other.authenticate(now.accessToken)).device).toBe(before.device)
  const device = await database.db.selectFrom('devices').selectAll().executeTakeFirst()
  expect(device).toMatchObject({ device_id: 'PHONE', display_name: 'Old name' })
})

test('two users may have devices of the same name', async () => {
  await using database = await testDatabase()
  const { account, accounts, sessions } = await setUp(database.db)
  const bob = await accounts.create({ localpart: 'bob', password: 'correct horse' })
  const deviceId = parseDeviceId('PHONE')
  const [a, b] = [
    await sessions.create(account, { deviceId }),
    await sessions.create(bob, { deviceId }),
  ]
  expect((await sessions.authenticate(a.accessToken)).userId).toBe(account.userId)
  expect((await sessions.authenticate(b.accessToken)).userId).toBe(bob.userId)
})

test('a deactivated account has no valid token', async () => {
  await using database = await testDatabase()
  const { account, sessions } = await setUp(database.db)
  const { accessToken } = await sessions.create(account)
  await database.db.updateTable('accounts').set({ deactivated: true }).execute()
  await expect(sessions.authenticate(accessToken)).rejects.toMatchObject(unknown)
})

test('a login token works once and for two minutes', async () => {
  await using database = await testDatabase()
  const { account, clock, other, sessions } = await setUp(database.db)
  const requester = await sessions.authenticate((await sessions.create(account)).accessToken)
  const { token, expiresInMs } = await sessions.createLoginToken(requester)
  expect(expiresInMs).toBe(120_000)
  expect(await other.takeLoginToken(token)).toBe(account.userId)
  const refused = { status: 403, errcode: 'M_FORBIDDEN' }
  await expect(sessions.takeLoginToken(token)).rejects.toMatchObject(refused)

  const late = await sessions.createLoginToken(requester)
  clock.advance(120_000)
  await expect(sessions.takeLoginToken(late.token)).rejects.toMatchObject(refused)
})

test('the last use of a device is written when the service stops', async () => {
  await using database = await testDatabase()
  const { account, clock, sessions } = await setUp(database.db)
  const requester = await sessions.authenticate((await sessions.create(account)).accessToken)
  sessions.seen(requester, '192.0.2.1', 'Browser/1.0')
  await sessions.stop()
  const device = await database.db.selectFrom('devices').selectAll().executeTakeFirst()
  expect(device).toMatchObject({
    last_seen_ts: clock.now(),
    last_seen_ip: '192.0.2.1',
    last_seen_user_agent: 'Browser/1.0',
  })
})
