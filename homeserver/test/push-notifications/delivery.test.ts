import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ANY_ADDRESS } from '#platform/outbound/address-guard.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { read } from '../sync/reader.ts'
import { accept, eventIds, send, setPusher, startGateway, type Gateway } from './gateway.ts'

const policies = { addresses: ANY_ADDRESS }

let server: TestServer
let gateway: Gateway
let alice: TestUser
let bob: TestUser
let room: string
let count = 0

beforeAll(async () => {
  server = await startTestServer({ policies })
})
beforeEach(async () => {
  gateway = await startGateway()
  count += 1
  alice = await server.user(`alice${count}`)
  bob = await server.user(`bob${count}`)
  room = await alice.createRoom({ preset: 'public_chat', name: 'Tea' })
  await bob.join(room)
})
afterEach(() => gateway[Symbol.asyncDispose]())
afterAll(() => server[Symbol.asyncDispose]())

const message = (body: string, more = {}) => ({ msgtype: 'm.text', body, ...more })
const mention = () => message('hey', { 'm.mentions': { user_ids: [bob.userId] } })

test('a message is told whole, with its counts and tweaks', async () => {
  const data = { url: gateway.url, brand: { a: 1 } }
  const name = `/profile/${encodeURIComponent(alice.userId)}/displayname`
  ok(await alice.call('PUT', name, { displayname: 'Alice A.' }))
  await setPusher(bob, gateway.url, { data })
  const event = await send(alice, room, mention())
  const [told] = await gateway.until(1)
  expect(told).toEqual({
    event_id: event,
    room_id: room,
    type: 'm.room.message',
    sender: alice.userId,
    sender_display_name: 'Alice A.',
    room_name: 'Tea',
    prio: 'high',
    content: mention(),
    counts: { unread: 1 },
    devices: [
      {
        app_id: 'org.example.app',
        pushkey: 'key',
        pushkey_ts: expect.any(Number),
        data: { brand: { a: 1 } },
        tweaks: { sound: 'default', highlight: true },
      },
    ],
  })
})

test('event_id_only tells the gateway next to nothing', async () => {
  const data = { url: gateway.url, format: 'event_id_only' }
  await setPusher(bob, gateway.url, { data })
  // among two every message has a sound
  await (await server.user(`carol${count}`)).join(room)
  const event = await send(alice, room, message('secret'))
  const [told] = await gateway.until(1)
  expect(told).toEqual({
    event_id: event,
    room_id: room,
    prio: 'low',
    counts: { unread: 1 },
    devices: [
      {
        app_id: 'org.example.app',
        pushkey: 'key',
        pushkey_ts: expect.any(Number),
        data: { format: 'event_id_only' },
      },
    ],
  })
})

test('nothing is told of what does not notify, and of other rooms and own events', async () => {
  const foreign = await alice.createRoom({ preset: 'public_chat' })
  const before = await alice.say(room, 'before')
  await setPusher(bob, gateway.url)
  await alice.say(foreign, 'elsewhere')
  await send(alice, room, message('beep', { msgtype: 'm.notice' }))
  await bob.say(room, 'own')
  const event = await alice.say(room, 'one')
  await gateway.until(1)
  expect(eventIds(gateway.told)).toEqual([event])
  expect(eventIds(gateway.told)).not.toContain(before)
})

test('an invitation is told to whom it is for', async () => {
  await setPusher(bob, gateway.url)
  const hidden = await alice.createRoom()
  await alice.say(hidden, 'not for bob')
  await alice.invite(hidden, bob.userId)
  const [told] = await gateway.until(1)
  expect(told).toMatchObject({
    room_id: hidden,
    type: 'm.room.member',
    user_is_target: true,
    content: { membership: 'invite' },
  })
})

test('after reading the gateway is told the new count, zero being no count', async () => {
  await setPusher(bob, gateway.url)
  await alice.say(room, 'one')
  await gateway.until(1)
  const last = await alice.say(room, 'two')
  await gateway.until(2)
  await read(bob, room, last)
  const told = await gateway.until(3)
  expect(told.map((notification) => at(notification, 'counts'))).toEqual([
    { unread: 1 },
    { unread: 2 },
    {},
  ])
  expect(Object.keys(told[2] ?? {})).toEqual(['counts', 'devices'])
})

test('own rules decide', async () => {
  const rule = `/pushrules/global/room/${encodeURIComponent(room)}`
  ok(await bob.call('PUT', rule, { actions: ['notify', { set_tweak: 'sound', value: 'gong' }] }))
  await setPusher(bob, gateway.url)
  await alice.say(room, 'loud')
  await gateway.until(1)
  ok(await bob.call('PUT', rule, { actions: [] }))
  await alice.say(room, 'silent')
  await send(alice, room, mention())
  const told = await gateway.until(2)
  expect(told.map((notification) => at(notification, 'devices', 0, 'tweaks'))).toEqual([
    { sound: 'gong' },
    { sound: 'default', highlight: true },
  ])
})

test('a failing gateway is tried again, and order is kept', async () => {
  gateway.answer = (_, nth) => (nth <= 2 ? { status: 500, body: {} } : accept(undefined, nth))
  await setPusher(bob, gateway.url)
  const events = [await alice.say(room, 'one'), await alice.say(room, 'two')]
  const told = await gateway.until(4)
  expect(eventIds(told)).toEqual([events[0], events[0], ...events])
})

test('what was read while the gateway failed is not told any more', async () => {
  gateway.answer = () => ({ status: 503, body: {} })
  await setPusher(bob, gateway.url)
  const seen = await alice.say(room, 'seen')
  await gateway.until(1)
  await read(bob, room, seen)
  gateway.answer = accept
  const unseen = await alice.say(room, 'unseen')
  await gateway.until(2)
  expect(eventIds(gateway.told).at(-1)).toBe(unseen)
  expect(eventIds(gateway.told).slice(0, -1)).toEqual([seen])
})

test('a rejected key ends its pusher, and no other', async () => {
  gateway.answer = (notification) => ({
    status: 200,
    body: { rejected: ['gone'].filter((key) => JSON.stringify(notification).includes(key)) },
  })
  await setPusher(bob, gateway.url, { pushkey: 'gone' })
  await setPusher(bob, gateway.url, { pushkey: 'stays' })
  await alice.say(room, 'one')
  await gateway.until(2)
  const pushers = async () => list(ok(await bob.call('GET', '/pushers')), 'pushers')
  await expect.poll(pushers, { timeout: 20_000 }).toHaveLength(1)
  expect(at(await pushers(), 0, 'pushkey')).toBe('stays')
  await alice.say(room, 'two')
  await gateway.until(3)
  expect(JSON.stringify(gateway.told[2])).toContain('stays')
})

test('nothing is told any more after the pusher or its session is gone', async () => {
  const tablet = await bob.otherDevice()
  const carol = await server.user(`carol${count}`)
  await carol.join(room)
  await setPusher(bob, gateway.url, { pushkey: 'deleted' })
  await setPusher(tablet, gateway.url, { pushkey: 'signed out' })
  await setPusher(carol, gateway.url, { pushkey: 'stays' })
  const target = { app_id: 'org.example.app', pushkey: 'deleted' }
  ok(await bob.call('POST', '/pushers/set', { kind: null, ...target }))
  ok(await tablet.call('POST', '/logout', {}))
  await alice.say(room, 'one')
  await alice.say(room, 'two')
  const told = await gateway.until(2)
  expect(told.map((notification) => at(notification, 'devices', 0, 'pushkey'))).toEqual([
    'stays',
    'stays',
  ])
})
