import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim } from '#services/pushers/delivery/lease-store.ts'
import { ANY_ADDRESS } from '#platform/outbound/address-guard.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { adminOn, restriction } from '../server-administration/admin.ts'
import { eventIds, setPusher, startGateway } from './gateway.ts'

let server: TestServer
let admin: TestUser
let alice: TestUser
let bob: TestUser
let room: string

beforeAll(async () => {
  server = await startTestServer({ policies: { addresses: ANY_ADDRESS } })
  admin = await adminOn(server)
  alice = await server.user('alice')
  bob = await server.user('bob')
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
})
afterAll(() => server[Symbol.asyncDispose]())

const lock = async (user: TestUser, locked: boolean) =>
  ok(await restriction(admin, 'lock', user.userId, { locked }))

test('a locked account is told nothing until it is unlocked', async () => {
  await using gateway = await startGateway()
  const carol = await server.user('carol')
  await carol.join(room)
  await setPusher(bob, gateway.url, { pushkey: 'locked' })
  await setPusher(carol, gateway.url, { pushkey: 'free' })
  await lock(bob, true)
  const events = [await alice.say(room, 'one'), await alice.say(room, 'two')]
  await gateway.until(2)
  await lock(bob, false)
  const told = await gateway.until(4)
  expect(told.map((notification) => at(notification, 'devices', 0, 'pushkey'))).toEqual([
    'free',
    'free',
    'locked',
    'locked',
  ])
  expect(eventIds(told)).toEqual([...events, ...events])
})

test('no worker waits for the pushers of a locked account', async () => {
  const dave = await server.user('dave')
  await setPusher(dave, 'https://push.example.org/_matrix/push/v1/notify')
  await lock(dave, true)
  const account = await server.ctx.accounts.find(dave.userId)
  if (account === undefined) throw new Error('no account')
  const claimed = await claim(server.ctx.db, account.key, { worker: 'test', now: Date.now() })
  expect(claimed).toEqual({ pushers: [], againInMs: undefined })
})
