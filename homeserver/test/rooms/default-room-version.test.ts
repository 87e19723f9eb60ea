import { expect, it } from 'vitest'
import { startTestServer } from '../harness/server.ts'
import { at, ok } from '../harness/user.ts'
import { stateOf } from './room-paths.ts'

it('the version of new rooms is a setting, which capabilities tell', async () => {
  await using server = await startTestServer({ config: 'rooms: { default_room_version: "10" }' })
  const alice = await server.user('alice')
  const capabilities = at(ok(await alice.call('GET', '/capabilities')), 'capabilities')
  expect(at(capabilities, 'm.room_versions', 'default')).toBe('10')
  expect(at(capabilities, 'm.room_versions', 'available')).toMatchObject({ '10': 'stable' })
  const roomId = await alice.createRoom()
  expect(await stateOf(alice, roomId, 'm.room.create')).toMatchObject({ room_version: '10' })
  const asked = await alice.createRoom({ room_version: '12' })
  expect(await stateOf(alice, asked, 'm.room.create')).toMatchObject({ room_version: '12' })
})

it('a version that this server does not have is no setting', async () => {
  const start = startTestServer({ config: 'rooms: { default_room_version: "99" }' })
  await expect(start).rejects.toThrow('default_room_version')
})
