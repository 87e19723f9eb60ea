import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { expectError } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const STABLE = '/_matrix/client/v1/room_summary/'
const summary = (user: TestUser | undefined, room: string, query = '') =>
  server.request('GET', `${STABLE}${encodeURIComponent(room)}${query}`, { token: user?.token })

const rules = (join_rule: string, allow: unknown = []) => ({
  type: 'm.room.join_rules',
  content: { join_rule, allow },
})
const visibility = (history_visibility: string) => ({
  type: 'm.room.history_visibility',
  content: { history_visibility },
})

describe('a room summary', () => {
  it('tells what the state says, and the membership', async () => {
    const roomId = await alice.createRoom({
      preset: 'public_chat',
      name: 'Cheese',
      topic: 'Tasty',
      room_alias_name: 'cheese',
      creation_content: { type: 'm.space' },
      initial_state: [
        visibility('world_readable'),
        { type: 'm.room.avatar', content: { url: 'mxc://test.example/brie' } },
        { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } },
        { type: 'm.room.guest_access', content: { guest_access: 'can_join' } },
      ],
    })
    const expected = {
      room_id: roomId,
      name: 'Cheese',
      topic: 'Tasty',
      avatar_url: 'mxc://test.example/brie',
      canonical_alias: '#cheese:test.example',
      num_joined_members: 1,
      guest_can_join: true,
      world_readable: true,
      join_rule: 'public',
      room_type: 'm.space',
      room_version: '12',
      encryption: 'm.megolm.v1.aes-sha2',
    }
    expect(ok(await summary(alice, roomId))).toEqual({ ...expected, membership: 'join' })
    const byAlias = await summary(bob, '#cheese:test.example', '?via=other.example&via=x.example')
    expect(ok(byAlias)).toEqual({ ...expected, membership: 'leave' })
    expect(ok(await summary(undefined, roomId))).toEqual(expected)
  })

  it('leaves out what is absent or no text', async () => {
    const roomId = await alice.createRoom({
      initial_state: [
        { type: 'm.room.name', content: { name: 5 } },
        { type: 'm.room.topic', content: {} },
        { type: 'm.room.avatar', content: { url: ['x'] } },
      ],
    })
    expect(ok(await summary(alice, roomId))).toEqual({
      room_id: roomId,
      num_joined_members: 1,
      guest_can_join: true,
      world_readable: false,
      join_rule: 'invite',
      room_version: '12',
      membership: 'join',
    })
  })

  it('names the rooms whose members may join', async () => {
    const space = await alice.createRoom({ preset: 'public_chat' })
    const condition = { type: 'm.room_membership', room_id: space }
    const roomId = await alice.createRoom({
      initial_state: [rules('restricted', [condition, { type: 'x', room_id: '!x:y.example' }])],
    })
    const told = ok(await summary(alice, roomId))
    expect(told).toMatchObject({ join_rule: 'restricted', allowed_room_ids: [space] })
    expectError(await summary(bob, roomId), 404, 'M_NOT_FOUND')
    expectError(await summary(undefined, roomId), 404, 'M_NOT_FOUND')
    await bob.join(space)
    expect(ok(await summary(bob, roomId))).toMatchObject({ membership: 'leave' })
  })

  it('answers under its older paths, with the older names', async () => {
    const roomId = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        { type: 'm.room.encryption', content: { algorithm: 'm.megolm.v1.aes-sha2' } },
      ],
    })
    const id = encodeURIComponent(roomId)
    const unstable = '/_matrix/client/unstable/im.nheko.summary'
    for (const path of [`${unstable}/summary/${id}`, `${unstable}/rooms/${id}/summary`]) {
      expect(ok(await server.request('GET', path))).toMatchObject({
        room_id: roomId,
        room_version: '12',
        'im.nheko.summary.version': '12',
        'im.nheko.summary.room_version': '12',
        'im.nheko.summary.encryption': 'm.megolm.v1.aes-sha2',
      })
    }
    const none = `${unstable}/summary/${encodeURIComponent('!none:test.example')}`
    expectError(await server.request('GET', none), 404, 'M_NOT_FOUND')
  })
})

describe('private room metadata (CVE-2021-39163, CVE-2021-39164)', () => {
  it.each([
    ['public', 'joined', true, true],
    ['knock', 'shared', true, true],
    ['knock_restricted', 'shared', true, true],
    ['invite', 'world_readable', true, true],
    ['invite', 'shared', false, false],
    ['restricted', 'shared', false, false],
    ['private', 'shared', false, false],
  ])('of a room with the rule %s and history %s', async (rule, history, stranger, nobody) => {
    const roomId = await alice.createRoom({ initial_state: [rules(rule), visibility(history)] })
    const [byBob, byNobody] = [await summary(bob, roomId), await summary(undefined, roomId)]
    expect([byBob.status, byNobody.status]).toEqual([stranger ? 200 : 404, nobody ? 200 : 404])
    if (!stranger) expect(at(byBob.body, 'errcode')).toBe('M_NOT_FOUND')
    await alice.invite(roomId, bob.userId)
    expect(ok(await summary(bob, roomId))).toMatchObject({ membership: 'invite' })
  })

  it('is the same answer for rooms that do not exist', async () => {
    const roomId = await alice.createRoom()
    const [hidden, absent] = [await summary(bob, roomId), await summary(bob, '!none:test.example')]
    expect(hidden.body).toEqual(absent.body)
    expectError(await summary(bob, '#none:test.example'), 404, 'M_NOT_FOUND')
    expectError(await summary(bob, 'none'), 400, 'M_INVALID_PARAM')
  })

  it('is hidden from the banned', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const carol = await server.user('carol')
    expect((await summary(carol, roomId)).status).toBe(200)
    await alice.setState(roomId, 'm.room.member', carol.userId, { membership: 'ban' })
    expectError(await summary(carol, roomId), 404, 'M_NOT_FOUND')
  })

  it('needs a good token where there is one', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const path = `${STABLE}${encodeURIComponent(roomId)}`
    expectError(await server.request('GET', path, { token: 'bad' }), 401, 'M_UNKNOWN_TOKEN')
  })
})
