import { expect, test } from 'vitest'
import { inSharedRoom, type SharedRoom } from '../harness/shared-room.ts'
import { at, list, ok } from '../harness/user.ts'
import { joined, path, Reader } from './reader.ts'

let shared: SharedRoom
inSharedRoom((room) => (shared = room))

async function ignore(...userIds: string[]): Promise<void> {
  const { alice } = shared
  const ignored = Object.fromEntries(userIds.map((userId) => [userId, {}]))
  const list = path('user', alice.userId, 'account_data', 'm.ignored_user_list')
  ok(await alice.call('PUT', list, { ignored_users: ignored }))
}

const bodies = (answer: unknown) =>
  list(joined(answer, shared.roomId), 'timeline', 'events').flatMap((event) => {
    const body = at(event, 'content', 'body')
    return typeof body === 'string' ? [body] : []
  })

test('who is ignored is not heard from the next answer on, and heard again afterwards', async () => {
  const { alice, bob, roomId } = shared
  const reader = new Reader(alice)
  await reader.next()
  await ignore(bob.userId)
  await bob.say(roomId, 'to nobody')
  await alice.say(roomId, 'to myself')
  expect(bodies(await reader.next())).toEqual(['to myself'])
  await ignore()
  await bob.say(roomId, 'again')
  expect(bodies(await reader.next())).toEqual(['again'])
})

test('a first sync has as many messages of others as fit, and no gap where nothing else was said', async () => {
  const { alice, bob, roomId } = shared
  await alice.say(roomId, 'the oldest')
  for (let n = 0; n < 15; n++) await bob.say(roomId, `noise ${n}`)
  await alice.say(roomId, 'the latest')
  await ignore(bob.userId)
  expect(bodies(await new Reader(alice).next())).toEqual(['the oldest', 'the latest'])
  expect(bodies(await new Reader(bob).next())).toContain('noise 14')
  await ignore()
})

test('state is told whoever set it', async () => {
  const { alice, bob, roomId } = shared
  const reader = new Reader(alice)
  await reader.next()
  await ignore(bob.userId)
  const displayname = path('profile', bob.userId, 'displayname')
  ok(await bob.call('PUT', displayname, { displayname: `Bob ${Date.now()}` }))
  const events = list(joined(await reader.next(), roomId), 'timeline', 'events')
  expect(events.map((event) => at(event, 'sender'))).toEqual([bob.userId])
  await ignore()
})

test('what nobody is told ends no wait', async () => {
  const { alice, bob, roomId } = shared
  await ignore(bob.userId)
  const reader = new Reader(alice)
  await reader.next()
  const waiting = reader.next(10_000)
  await bob.say(roomId, 'to nobody')
  await alice.say(roomId, 'to myself')
  expect(bodies(await waiting)).toEqual(['to myself'])
  await ignore()
})
