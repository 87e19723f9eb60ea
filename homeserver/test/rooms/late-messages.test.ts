import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { ForkedRoom } from '../sync/forked-room.ts'
import { inRoom } from './room-paths.ts'

async function page(user: TestUser, room: string, query: Readonly<Record<string, string>>) {
  const search = new URLSearchParams({ limit: '100', ...query }).toString()
  const answer = ok(await user.call('GET', `${inRoom(room, 'messages')}?${search}`))
  return list(answer, 'chunk').map((event) => at(event, 'event_id'))
}

/** A room with an event that is stored before a sync and counts only after it. */
async function scene(stack: AsyncDisposableStack) {
  const server = stack.use(await startTestServer())
  const alice = await server.user('alice')
  const room = await alice.createRoom({ room_version: '11' })
  const fork = stack.use(await ForkedRoom.of(server, room))
  const content = { msgtype: 'm.text', body: 'late' }
  const late = await fork.outlier(alice, await fork.tips(), { content })
  const before = await alice.say(room, 'before')
  const since = async () => text(await alice.sync(), 'next_batch')
  return { alice, room, fork, late, before, since }
}

test('an event that came late is after the sync token that did not have it', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, room, fork, late, since } = await scene(stack)
  const token = await since()
  await fork.add(late)
  const after = await alice.say(room, 'after')
  const back = await page(alice, room, { dir: 'b', to: token })
  expect(back).toHaveLength(2)
  expect(new Set(back)).toEqual(new Set([after, late.eventId]))
  const forward = await page(alice, room, { dir: 'f', from: token })
  expect(forward).toHaveLength(2)
  expect(new Set(forward)).toEqual(new Set([after, late.eventId]))
})

test('an event that came late is before the sync token that had it, and no other', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, room, fork, late, before, since } = await scene(stack)
  const without = await since()
  await fork.add(late)
  const withLate = await since()
  expect(await page(alice, room, { dir: 'b', from: without })).not.toContain(late.eventId)
  expect(await page(alice, room, { dir: 'f', to: without })).not.toContain(late.eventId)
  for (const events of [
    await page(alice, room, { dir: 'b', from: withLate }),
    await page(alice, room, { dir: 'f', to: withLate }),
  ]) {
    expect(events).toEqual(expect.arrayContaining([late.eventId, before]))
  }
})

test('a late event alone is what came after a sync token', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, room, fork, late, since } = await scene(stack)
  const token = await since()
  await fork.add(late)
  expect(await page(alice, room, { dir: 'b', to: token })).toEqual([late.eventId])
  expect(await page(alice, room, { dir: 'f', from: token })).toEqual([late.eventId])
})
