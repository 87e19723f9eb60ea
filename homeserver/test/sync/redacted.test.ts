import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { inRoom } from '../rooms/room-paths.ts'
import { joined, Reader, stateOf, timelineOf, types } from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

let txns = 0
const redact = async (roomId: string, eventId: string) =>
  ok(await alice.call('PUT', inRoom(roomId, 'redact', eventId, `r${++txns}`), {}))

/** A room with a message and a name that are redacted. */
async function redactedRoom(): Promise<string> {
  const roomId = await alice.createRoom()
  await redact(roomId, await alice.say(roomId, 'secret words'))
  await redact(roomId, await alice.setState(roomId, 'm.room.name', '', { name: 'secret name' }))
  return roomId
}

describe('content that was redacted', () => {
  it('is gone from a timeline in the federation format', async () => {
    const roomId = await redactedRoom()
    const filter = { event_format: 'federation', room: { timeline: { limit: 50 } } }
    const section = joined(await new Reader(alice, { filter }).next(), roomId)
    expect(JSON.stringify(section)).not.toContain('secret')
    const message = timelineOf(section).find((event) => at(event, 'type') === 'm.room.message')
    expect(message).toMatchObject({ content: {}, prev_events: [expect.any(String)] })
  })

  it('is gone from state in the federation format', async () => {
    const roomId = await redactedRoom()
    const filter = { event_format: 'federation', room: { timeline: { limit: 1 } } }
    const section = joined(await new Reader(alice, { filter }).next(), roomId)
    expect(types(stateOf(section))).toContain('m.room.name|')
    expect(JSON.stringify(section)).not.toContain('secret')
  })

  it('is not told to those who are invited', async () => {
    const roomId = await redactedRoom()
    const reader = new Reader(bob)
    await alice.invite(roomId, bob.userId)
    const invited = at(await reader.next(), 'rooms', 'invite', roomId, 'invite_state', 'events')
    expect(types(Array.isArray(invited) ? invited : [])).toContain('m.room.name|')
    expect(JSON.stringify(invited)).not.toContain('secret')
  })

  it('is no name, so that the room is shown by its members', async () => {
    const roomId = await redactedRoom()
    await alice.invite(roomId, bob.userId)
    const section = joined(await new Reader(alice).next(), roomId)
    expect(at(section, 'summary', 'm.heroes')).toEqual([bob.userId])
  })
})
