import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { ForkedRoom } from '../sync/forked-room.ts'
import { finds, indexedTo, roomWith, through } from './searching.ts'

test('the index is behind the log until somebody searches, and no event is indexed by its send', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const { said } = await roomWith(alice, 'marmot')
  expect(await finds(alice, 'marmot')).toEqual(said)
  expect(await indexedTo(server)).toBe(server.ctx.log.head)
})

test('a worker goes on where another stopped, and finds what another sent', async () => {
  await using one = await startTestServer()
  const alice = await one.user('alice')
  const { room, said } = await roomWith(alice, 'ferret 1')
  expect(await finds(alice, 'ferret')).toEqual(said)
  await using two = await startTestServer({ databaseUrl: one.databaseUrl })
  said.push(await alice.say(room, 'ferret 2'))
  const there = through(two, alice)
  const both = await Promise.all([finds(alice, 'ferret'), finds(there, 'ferret')])
  expect(both).toEqual([said.toSorted(), said.toSorted()])
})

test('an index that was lost is made anew', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const { said } = await roomWith(alice, 'weasel')
  await finds(alice, 'weasel')
  const { db } = server.ctx
  await db.deleteFrom('search_events').execute()
  await db.updateTable('search_progress').set({ done_to: 0 }).execute()
  await using next = await startTestServer({ databaseUrl: server.databaseUrl })
  const there = through(next, alice)
  expect(await finds(there, 'weasel')).toEqual(said)
})

test('an event that came late is found where it came', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const bob = await server.user('bob')
  const { room, said } = await roomWith(alice, 'polecat 1')
  await using fork = await ForkedRoom.of(server, room)
  const [start = ''] = await fork.tips()
  const late = await fork.outlier(alice, [start], {
    content: { msgtype: 'm.text', body: 'polecat 2' },
  })
  await bob.join(room)
  expect(await finds(alice, 'polecat')).toEqual(said)
  await bob.leave(room)
  await fork.add(late)
  expect(await finds(alice, 'polecat')).toEqual([...said, late.eventId].sort())
  expect(await finds(bob, 'polecat')).toEqual(said)
})
