import { expect, test } from 'vitest'
import { ANY_ADDRESS } from '#platform/outbound/address-guard.ts'
import { testDatabase } from '../harness/database.ts'
import { startTestServer } from '../harness/server.ts'
import { eventIds, setPusher, startGateway } from './gateway.ts'

const policies = { addresses: ANY_ADDRESS }

test('each event is told once and in order, however many workers there are', async () => {
  await using gateway = await startGateway()
  await using one = await startTestServer({ policies })
  await using two = await startTestServer({ policies, databaseUrl: one.databaseUrl })
  const alice = await one.user('alice')
  const bob = await one.user('bob')
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await setPusher(bob, gateway.url)
  const events: string[] = []
  for (let n = 0; n < 10; n += 1) {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/t${n}`
    const body = { msgtype: 'm.text', body: `${n}` }
    const worker = n % 2 === 0 ? one : two
    const answer = await worker.request('PUT', path, { token: alice.token, body })
    events.push(JSON.parse(answer.text).event_id)
  }
  await gateway.until(10)
  expect(eventIds(gateway.told)).toEqual(events)
})

test('what happened while no worker ran is told by the next', async () => {
  await using database = await testDatabase()
  await using gateway = await startGateway()
  const options = { policies, databaseUrl: database.url }
  const events: string[] = []
  {
    await using first = await startTestServer(options)
    const alice = await first.user('alice')
    const bob = await first.user('bob')
    const room = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(room)
    gateway.answer = () => ({ status: 500, body: {} })
    await setPusher(bob, gateway.url)
    for (const body of ['one', 'two', 'three']) events.push(await alice.say(room, body))
    await gateway.until(1)
  }
  const before = gateway.told.length
  gateway.answer = () => ({ status: 200, body: {} })
  await using second = await startTestServer(options)
  await gateway.until(before + 3)
  expect(eventIds(gateway.told).slice(before)).toEqual(events)
  expect(second.url).not.toBe('')
})

test('SSRF by address tricks: the address of a gateway is looked at whenever something is sent', async () => {
  await using database = await testDatabase()
  await using gateway = await startGateway()
  const url = gateway.url.replace('127.0.0.1', 'localhost')
  let room = ''
  let token = ''
  {
    await using permissive = await startTestServer({ policies, databaseUrl: database.url })
    const alice = await permissive.user('alice')
    const bob = await permissive.user('bob')
    room = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(room)
    await setPusher(bob, url)
    token = alice.token
  }
  await using strict = await startTestServer({ databaseUrl: database.url })
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/x`
  await strict.request('PUT', path, { token, body: { msgtype: 'm.text', body: 'one' } })
  const failures = async () => {
    const rows = await strict.ctx.db.selectFrom('pushers').select('failures').execute()
    return rows.map((row) => row.failures > 0)
  }
  await expect.poll(failures, { timeout: 30_000 }).toEqual([true])
  expect(gateway.told).toEqual([])
})
