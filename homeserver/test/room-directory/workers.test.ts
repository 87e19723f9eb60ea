import { expect, test } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { ok } from '../harness/user.ts'
import { listed, publicRooms } from './public-rooms.ts'

test('every worker lists what another has changed', async () => {
  await using one = await startTestServer()
  await using other = await startTestServer({ databaseUrl: one.databaseUrl })
  const alice = await one.user('alice')
  const roomId = await alice.createRoom({ visibility: 'public', name: 'First' })
  expect(await listed(one)).toEqual([roomId])
  await other.ctx.log.catchUp()
  expect((await publicRooms(other)).chunk).toMatchObject([{ room_id: roomId, name: 'First' }])
  await alice.setState(roomId, 'm.room.name', '', { name: 'Second' })
  await other.ctx.log.catchUp()
  // both at once
  const pages = await Promise.all([publicRooms(one), publicRooms(other)])
  for (const { chunk } of pages) expect(chunk).toMatchObject([{ name: 'Second' }])
})

test('the directory is made anew from the log', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const roomId = await alice.createRoom({ visibility: 'public', name: 'Kept' })
  ok(await alice.call('PUT', `/profile/${alice.userId}/displayname`, { displayname: 'Alice' }))
  await listed(server)
  const { db } = server.ctx
  await db.deleteFrom('room_summaries').execute()
  await db.updateTable('room_summaries_progress').set({ done_to: -1 }).execute()
  await using restarted = await startTestServer({ databaseUrl: server.databaseUrl })
  expect((await publicRooms(restarted)).chunk).toMatchObject([
    { room_id: roomId, name: 'Kept', num_joined_members: 1 },
  ])
})
