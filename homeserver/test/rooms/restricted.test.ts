import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let mod: TestUser
let users = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  mod = await server.user('mod')
})
afterAll(() => server[Symbol.asyncDispose]())

const newUser = () => server.user(`user${++users}`)
const join = (user: TestUser, roomId: string) => user.call('POST', inRoom(roomId, 'join'), {})
const condition = (room_id: string) => ({ type: 'm.room_membership', room_id })

async function restricted(options: {
  readonly allow?: unknown
  readonly rule?: string
  readonly version?: string
  readonly levels?: object
}) {
  const space = await alice.createRoom({ preset: 'public_chat' })
  const { allow = [condition(space)], rule = 'restricted', version = '11', levels } = options
  const roomId = await alice.createRoom({
    room_version: version,
    initial_state: [{ type: 'm.room.join_rules', content: { join_rule: rule, allow } }],
    ...(levels !== undefined && { power_level_content_override: levels }),
  })
  return { space, roomId }
}

async function memberOf(space: string): Promise<TestUser> {
  const user = await newUser()
  await user.join(space)
  return user
}

describe('a restricted join', () => {
  it.each([
    ['restricted', '8'],
    ['knock_restricted', '10'],
    ['knock_restricted', '12'],
  ])('by the rule %s in version %s lets members of the other room in', async (rule, version) => {
    const { space, roomId } = await restricted({ rule, version })
    ok(await join(await memberOf(space), roomId))
    expectError(await join(await newUser(), roomId), 403, 'M_FORBIDDEN')
  })

  it('is authorised by the most powerful member who may invite', async () => {
    const users = { [alice.userId]: 90, [mod.userId]: 100 }
    const levels = { invite: 50, events: {}, users }
    const { space, roomId } = await restricted({ levels })
    const authoriser = async (user: TestUser) => {
      ok(await join(user, roomId))
      return await stateOf(alice, roomId, 'm.room.member', user.userId)
    }
    const key = 'join_authorised_via_users_server'
    expect(await authoriser(await memberOf(space))).toMatchObject({ [key]: alice.userId })
    await alice.invite(roomId, mod.userId)
    await mod.join(roomId)
    expect(await authoriser(await memberOf(space))).toMatchObject({ [key]: mod.userId })
  })

  it('is authorised by any member where everybody may invite', async () => {
    const { space, roomId } = await restricted({ levels: { users: { [alice.userId]: 100 } } })
    const first = await memberOf(space)
    ok(await join(first, roomId))
    await alice.leave(roomId)
    ok(await join(await memberOf(space), roomId))
  })

  it('cannot be granted when nobody here may invite any more', async () => {
    const levels = { invite: 50, users: { [alice.userId]: 100 } }
    const { space, roomId } = await restricted({ levels })
    ok(await join(await memberOf(space), roomId))
    await alice.leave(roomId)
    expectError(await join(await memberOf(space), roomId), 400, 'M_UNABLE_TO_GRANT_JOIN')
    expectError(await join(await newUser(), roomId), 403, 'M_FORBIDDEN')
  })

  it('needs no condition with an invitation, and none helps who is banned', async () => {
    const { space, roomId } = await restricted({})
    const invited = await newUser()
    await alice.invite(roomId, invited.userId)
    ok(await join(invited, roomId))
    const banned = await memberOf(space)
    ok(await alice.call('POST', inRoom(roomId, 'ban'), { user_id: banned.userId }))
    expectError(await join(banned, roomId), 403, 'M_FORBIDDEN')
  })

  it('is refused to who has left the other room, or was only invited there', async () => {
    const { space, roomId } = await restricted({})
    const left = await memberOf(space)
    await left.leave(space)
    expectError(await join(left, roomId), 403, 'M_FORBIDDEN')
    const invited = await newUser()
    await alice.invite(space, invited.userId)
    expectError(await join(invited, roomId), 403, 'M_FORBIDDEN')
  })

  it.each([
    ['no list', 'invalid'],
    ['no conditions', []],
    ['a condition of another kind', [{ type: 'x', room_id: '!x:test.example' }]],
    ['a room that nobody knows', [condition('!none:test.example')]],
    ['what is no room', [condition('none'), 5, null, { type: 'm.room_membership' }]],
  ])('with %s lets nobody in', async (_, allow) => {
    const { space, roomId } = await restricted({ allow })
    expectError(await join(await memberOf(space), roomId), 403, 'M_FORBIDDEN')
  })

  it.each([
    ['restricted', '7'],
    ['knock_restricted', '9'],
  ])('does not exist by the rule %s in version %s', async (rule, version) => {
    const { space, roomId } = await restricted({ rule, version })
    expectError(await join(await memberOf(space), roomId), 403, 'M_FORBIDDEN')
  })
})
