import { expect, test } from 'vitest'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { accountServices } from './test-support/account-services.ts'

const PASSWORD = 'correct horse'

test('an account is found under its user ID and opens with its password', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const made = await accounts.create({ localpart: 'alice', password: PASSWORD })
  expect(made).toMatchObject({ userId: '@alice:test.example', admin: false })
  expect(await accounts.find(made.userId)).toEqual(made)
  expect(await accounts.signIn('@alice:test.example', PASSWORD)).toEqual(made)
  expect(await accounts.signIn('Alice', PASSWORD)).toEqual(made)
})

test('capitals in a user name become small letters', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const { userId } = await accounts.create({ localpart: 'ALICE', password: PASSWORD })
  expect(userId).toBe('@alice:test.example')
})

test.each(['', 'al ice', 'älice', '@alice', 'a:b', '_irc_bob', 'a\0b', 'x'.repeat(250), '\ud800'])(
  'the user name %j is refused',
  async (localpart) => {
    await using database = await testDatabase()
    const { accounts } = accountServices(database.db)
    const creation = accounts.create({ localpart, password: PASSWORD })
    await expect(creation).rejects.toMatchObject({ status: 400, errcode: 'M_INVALID_USERNAME' })
  },
)

test('of two who take the same name at once, one gets it', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => accounts.create({ localpart: 'alice', password: PASSWORD })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { errcode: 'M_USER_IN_USE' } },
    { reason: { errcode: 'M_USER_IN_USE' } },
  ])
})

test('a short password is refused', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const creation = accounts.create({ localpart: 'alice', password: '1234567' })
  await expect(creation).rejects.toMatchObject({ status: 400, errcode: 'M_WEAK_PASSWORD' })
})

test('what fails within the transaction prevents the account', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const creation = accounts.create({ localpart: 'alice', password: PASSWORD }, () =>
    Promise.reject(new Error('no')),
  )
  await expect(creation).rejects.toThrow('no')
  expect(await accounts.anyExists()).toBe(false)
})

test.each([
  ['a wrong password', 'alice', 'wrong'],
  ['an unknown user', 'bob', PASSWORD],
  ['a user of another server', '@alice:other.example', PASSWORD],
  ['what is no user ID at all', '@', PASSWORD],
])('%s is answered like any other', async (_, user, password) => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  await accounts.create({ localpart: 'alice', password: PASSWORD })
  const attempt = accounts.signIn(user, password)
  await expect(attempt).rejects.toMatchObject({
    status: 403,
    errcode: 'M_FORBIDDEN',
    message: 'Wrong user name or password.',
  })
})

test('a deactivated account says so to who knows its password only', async () => {
  await using database = await testDatabase()
  const { accounts } = accountServices(database.db)
  await accounts.create({ localpart: 'alice', password: PASSWORD })
  await database.db.updateTable('accounts').set({ deactivated: true }).execute()
  const right = accounts.signIn('alice', PASSWORD)
  await expect(right).rejects.toMatchObject({ status: 403, errcode: 'M_USER_DEACTIVATED' })
  const wrong = accounts.signIn('alice', 'wrong')
  await expect(wrong).rejects.toMatchObject({ status: 403, errcode: 'M_FORBIDDEN' })
})

test('guessing one password is limited, and the limit holds for the right one too', async () => {
  await using database = await testDatabase()
  const limiter = createRateLimiter({
    'login-account': { per_second: 1, burst_count: 100 },
    'login-failed': { per_second: 0.001, burst_count: 2 },
  })
  const { accounts } = accountServices(database.db, { limiter })
  await accounts.create({ localpart: 'alice', password: PASSWORD })
  for (const guess of ['a', 'b']) {
    await expect(accounts.signIn('alice', guess)).rejects.toMatchObject({ status: 403 })
  }
  const attempt = accounts.signIn('alice', PASSWORD)
  await expect(attempt).rejects.toMatchObject({ status: 429, errcode: 'M_LIMIT_EXCEEDED' })
})
