import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { allMessages, expectError, inRoom } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let users = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const newUser = () => server.user(`user${++users}`)
const forget = (user: TestUser, roomId: string) => user.call('POST', inRoom(roomId, 'forget'), {})
const publicRoom = () => alice.createRoom({ preset: 'public_chat' })
const WITH_LEFT = { filter: JSON.stringify({ room: { include_leave: true } }) }
const leftIn = async (user: TestUser, roomId: string, query: Record<string, string> = WITH_LEFT) =>
  at(await user.sync(query), 'rooms', 'leave', roomId)

async function leftRoom(user: TestUser) {
  const roomId = await publicRoom()
  await user.join(roomId)
  const eventId = await user.say(roomId, 'still here')
  await user.leave(roomId)
  return { roomId, eventId }
}

describe('a forgotten room', () => {
  it('is closed to every reader and absent from /sync', async () => {
    const bob = await newUser()
    const { roomId, eventId } = await leftRoom(bob)
    const paths = ['messages?dir=b', 'state', 'members', `event/${encodeURIComponent(eventId)}`]
    const statuses = async () => {
      const calls = paths.map((path) => bob.call('GET', `${inRoom(roomId)}/${path}`))
      return (await Promise.all(calls)).map(({ status }) => status)
    }
    expect(await statuses()).toEqual([200, 200, 200, 200])
    expect(await leftIn(bob, roomId)).toBeDefined()
    expect(ok(await forget(bob, roomId))).toEqual({})
    expect(await statuses()).toEqual([403, 403, 403, 404])
    expect(await leftIn(bob, roomId)).toBeUndefined()
    expect(ok(await forget(bob, roomId))).toEqual({})
  })

  it('is closed even to a request that says too little', async () => {
    const bob = await newUser()
    const { roomId } = await leftRoom(bob)
    const path = inRoom(roomId, 'messages')
    expectError(await bob.call('GET', path), 400, 'M_MISSING_PARAM')
    expect(ok(await forget(bob, roomId))).toEqual({})
    expectError(await bob.call('GET', path), 403, 'M_FORBIDDEN')
  })

  it('is told as left to devices that do not know it yet', async () => {
    const bob = await newUser()
    const roomId = await publicRoom()
    await bob.join(roomId)
    const since = text(await bob.sync(), 'next_batch')
    await bob.leave(roomId)
    ok(await forget(bob, roomId))
    expect(await leftIn(bob, roomId, { since })).toBeDefined()
  })

  it('does not come back by a ban or its end', async () => {
    const bob = await newUser()
    const { roomId } = await leftRoom(bob)
    ok(await forget(bob, roomId))
    const since = text(await bob.sync(), 'next_batch')
    for (const verb of ['ban', 'unban']) {
      ok(await alice.call('POST', inRoom(roomId, verb), { user_id: bob.userId }))
      expect(await leftIn(bob, roomId, { since })).toBeUndefined()
      expect(await leftIn(bob, roomId)).toBeUndefined()
      expectError(await bob.call('GET', `${inRoom(roomId)}/messages?dir=b`), 403, 'M_FORBIDDEN')
    }
    // what this worker remembers is not all
    const { rows } = await sql<{ forgotten: boolean }>`
      SELECT m.forgotten FROM memberships m JOIN users u ON u.key = m.user_key
      WHERE u.user_id = ${bob.userId}`.execute(server.ctx.db)
    expect(rows).toEqual([{ forgotten: true }])
  })

  it('comes back by an invitation, and with its history by joining', async () => {
    const bob = await newUser()
    const { roomId, eventId } = await leftRoom(bob)
    ok(await forget(bob, roomId))
    const since = text(await bob.sync(), 'next_batch')
    await alice.invite(roomId, bob.userId)
    expect(at(await bob.sync({ since }), 'rooms', 'invite', roomId)).toBeDefined()
    await bob.join(roomId)
    expect(await allMessages(bob, roomId, { dir: 'b' })).toContain(eventId)
    await bob.leave(roomId)
    expect(await leftIn(bob, roomId)).toBeDefined()
  })

  it('may be one that the user was kicked or banned from, or was only invited to', async () => {
    const bob = await newUser()
    for (const verb of ['kick', 'ban']) {
      const roomId = await publicRoom()
      await bob.join(roomId)
      ok(await alice.call('POST', inRoom(roomId, verb), { user_id: bob.userId }))
      ok(await forget(bob, roomId))
    }
    const invited = await alice.createRoom({ invite: [bob.userId] })
    await bob.leave(invited)
    ok(await forget(bob, invited))
    expect(await leftIn(bob, invited)).toBeUndefined()
  })

  it('is forgotten on every worker', async () => {
    await using other = await startTestServer({ databaseUrl: server.databaseUrl })
    const bob = await newUser()
    const { roomId } = await leftRoom(bob)
    const path = `/_matrix/client/v3/sync?${new URLSearchParams(WITH_LEFT).toString()}`
    const there = async () =>
      at(ok(await other.request('GET', path, { token: bob.token })), 'rooms', 'leave', roomId)
    expect(await there()).toBeDefined()
    ok(await forget(bob, roomId))
    await other.ctx.log.catchUp()
    expect(await there()).toBeUndefined()
  })

  it('is only forgotten by who forgets it', async () => {
    const [bob, carol] = [await newUser(), await newUser()]
    const { roomId } = await leftRoom(bob)
    await carol.join(roomId)
    await carol.leave(roomId)
    ok(await forget(bob, roomId))
    expect(await leftIn(carol, roomId)).toBeDefined()
  })
})

describe('forgetting', () => {
  it.each(['join', 'invite', 'knock'])('is refused while the membership is %s', async (is) => {
    const bob = await newUser()
    const rule = { type: 'm.room.join_rules', content: { join_rule: 'knock' } }
    const roomId = await alice.createRoom({ initial_state: [rule] })
    if (is === 'knock') ok(await bob.call('POST', `/knock/${encodeURIComponent(roomId)}`, {}))
    else await alice.invite(roomId, bob.userId)
    if (is === 'join') await bob.join(roomId)
    expectError(await forget(bob, roomId), 400, 'M_UNKNOWN')
  })

  it('tells nobody whether a room exists in which they have never been', async () => {
    const bob = await newUser()
    expectError(await forget(bob, await publicRoom()), 404, 'M_NOT_FOUND')
    expectError(await forget(bob, '!none:test.example'), 404, 'M_NOT_FOUND')
    expectError(await forget(bob, 'room'), 400, 'M_INVALID_PARAM')
  })
})

it('that leaving does not forget, a capability says', async () => {
  const capabilities = at(ok(await alice.call('GET', '/capabilities')), 'capabilities')
  expect(at(capabilities, 'm.forget_forced_upon_leave')).toEqual({ enabled: false })
})
