import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { list, ok, text, type TestUser } from '../harness/user.ts'
import { inRoom } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let users = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const TAGS = { tags: { 'm.favourite': { order: 0.5 } } }
const tags = (user: TestUser, roomId: string) =>
  `/user/${encodeURIComponent(user.userId)}${inRoom(roomId, 'account_data', 'm.tag')}`
const direct = (user: TestUser) => `/user/${encodeURIComponent(user.userId)}/account_data/m.direct`
const rule = (kind: string, roomId: string) =>
  `/pushrules/global/${kind}/${encodeURIComponent(roomId)}`

/** A member of a new room, who has settings for it. */
async function settled() {
  const user = await server.user(`user${++users}`)
  const oldId = await alice.createRoom({ room_version: '10', preset: 'public_chat' })
  await user.join(oldId)
  ok(await user.call('PUT', tags(user, oldId), TAGS))
  ok(await user.call('PUT', direct(user), { [alice.userId]: [oldId], other: ['!x:test.example'] }))
  ok(await user.call('PUT', rule('room', oldId), { actions: ['notify'] }))
  const conditions = [{ kind: 'event_match', key: 'room_id', pattern: oldId }]
  ok(await user.call('PUT', rule('override', oldId), { actions: [], conditions }))
  ok(await user.call('PUT', `${rule('override', oldId)}/enabled`, { enabled: false }))
  return { user, oldId }
}

const powerLevels = async (roomId: string): Promise<object> => {
  const content = ok(await alice.call('GET', inRoom(roomId, 'state', 'm.room.power_levels', '')))
  return content instanceof Object ? content : {}
}

const upgraded = async (user: TestUser, roomId: string) =>
  text(
    ok(await user.call('POST', inRoom(roomId, 'upgrade'), { new_version: '11' })),
    'replacement_room',
  )

describe('the settings for a room that was upgraded', () => {
  it('hold for its successor from joining on', async () => {
    const { user, oldId } = await settled()
    const newId = await upgraded(alice, oldId)
    expect((await user.call('GET', tags(user, newId))).status).toBe(404)
    await user.join(newId)
    expect(ok(await user.call('GET', tags(user, newId)))).toEqual(TAGS)
    expect(ok(await user.call('GET', direct(user)))).toEqual({
      [alice.userId]: [oldId, newId],
      other: ['!x:test.example'],
    })
    expect(ok(await user.call('GET', rule('room', newId)))).toMatchObject({ actions: ['notify'] })
    expect(ok(await user.call('GET', rule('override', newId)))).toMatchObject({
      enabled: false,
      conditions: [{ kind: 'event_match', key: 'room_id', pattern: newId }],
    })
  })

  it('hold for who joins by a state event, once', async () => {
    const { user, oldId } = await settled()
    const newId = await upgraded(alice, oldId)
    const member = { membership: 'join', displayname: 'Me' }
    await user.setState(newId, 'm.room.member', user.userId, member)
    expect(ok(await user.call('GET', tags(user, newId)))).toEqual(TAGS)
    expect(ok(await user.call('GET', rule('room', newId)))).toMatchObject({ actions: ['notify'] })
    ok(await user.call('PUT', direct(user), { [alice.userId]: [oldId] }))
    await user.setState(newId, 'm.room.member', user.userId, { ...member, displayname: 'I' })
    expect(ok(await user.call('GET', direct(user)))).toEqual({ [alice.userId]: [oldId] })
  })

  it('hold for who upgrades it, too', async () => {
    const roomId = await alice.createRoom({ room_version: '10' })
    ok(await alice.call('PUT', tags(alice, roomId), TAGS))
    const newId = await upgraded(alice, roomId)
    expect(ok(await alice.call('GET', tags(alice, newId)))).toEqual(TAGS)
  })

  it('hold for who replaces it by hand, and is in the successor before it is named', async () => {
    const { user, oldId } = await settled()
    const level = {
      ...(await powerLevels(oldId)),
      users: { [alice.userId]: 100, [user.userId]: 100 },
    }
    await alice.setState(oldId, 'm.room.power_levels', '', level)
    const newId = await user.createRoom({ creation_content: { predecessor: { room_id: oldId } } })
    const others = await alice.createRoom({
      creation_content: { predecessor: { room_id: oldId } },
    })
    expect((await user.call('GET', tags(user, newId))).status).toBe(404)
    for (const replacement_room of [others, 'nonsense', newId]) {
      await user.setState(oldId, 'm.room.tombstone', '', { body: 'x', replacement_room })
    }
    expect(ok(await user.call('GET', tags(user, newId)))).toEqual(TAGS)
    expect(ok(await user.call('GET', rule('room', newId)))).toMatchObject({ actions: ['notify'] })
    expect((await user.call('GET', rule('room', others))).status).toBe(404)
  })

  it('do not hold for a room that only claims to be the successor', async () => {
    const { user, oldId } = await settled()
    const claim = await alice.createRoom({
      preset: 'public_chat',
      creation_content: { predecessor: { room_id: oldId } },
    })
    await user.join(claim)
    expect((await user.call('GET', tags(user, claim))).status).toBe(404)
    expect((await user.call('GET', rule('room', claim))).status).toBe(404)
    const joined = list(ok(await user.call('GET', '/joined_rooms')), 'joined_rooms')
    expect(joined).toContain(claim)
  })
})
