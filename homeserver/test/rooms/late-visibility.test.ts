import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { ForkedRoom } from '../sync/forked-room.ts'
import { inRoom } from './room-paths.ts'

/** Alice's room as it was before Bob ever came. */
async function scene(stack: AsyncDisposableStack) {
  const server = stack.use(await startTestServer())
  const alice = await server.user('alice')
  const bob = await server.user('bob')
  const room = await alice.createRoom({ preset: 'public_chat', room_version: '11' })
  const fork = stack.use(await ForkedRoom.of(server, room))
  const [start = ''] = await fork.tips()
  const sees = async (user: TestUser, event: string) =>
    (await user.call('GET', inRoom(room, 'event', event))).status === 200
  return { alice, bob, room, fork, start, sees }
}

const said = (body: string) => ({ content: { msgtype: 'm.text', body } })

test('who has left does not see what came late, from a branch without them', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, bob, room, fork, start, sees } = await scene(stack)
  const before = await fork.outlier(alice, [start], said('told before the leave'))
  const after = await fork.outlier(alice, [start], said('told after the leave'))
  await bob.join(room)
  await fork.add(before)
  await bob.leave(room)
  await fork.add(after)
  expect([await sees(bob, before.eventId), await sees(bob, after.eventId)]).toEqual([true, false])
  expect(await sees(alice, after.eventId)).toBe(true)
  const page = ok(await bob.call('GET', `${inRoom(room, 'messages')}?dir=b&limit=100`))
  const shown = list(page, 'chunk').map((event) => at(event, 'event_id'))
  expect(shown).toContain(before.eventId)
  expect(shown).not.toContain(after.eventId)
})

test('who has left by an event that came late reads the room until then', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, bob, room, fork, sees } = await scene(stack)
  const old = await alice.say(room, 'before the join')
  await bob.join(room)
  const during = await alice.say(room, 'while joined')
  const leave = await fork.outlier(bob, await fork.tips(), {
    type: 'm.room.member',
    stateKey: bob.userId,
    content: { membership: 'leave' },
  })
  await fork.add(leave)
  const later = await alice.say(room, 'after the leave')
  const seen = [await sees(bob, old), await sees(bob, during), await sees(bob, later)]
  expect(seen).toEqual([true, true, false])
  const page = ok(await bob.call('GET', `${inRoom(room, 'messages')}?dir=b&limit=100`))
  const shown = list(page, 'chunk').map((event) => at(event, 'event_id'))
  expect(shown).toEqual(expect.arrayContaining([leave.eventId, during, old]))
  expect(shown).not.toContain(later)
})
