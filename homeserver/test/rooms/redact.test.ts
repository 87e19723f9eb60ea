import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseEventId } from '#matrix/ids.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, messages, stateOf } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let carol: TestUser
let roomId: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
  carol = await server.user('carol')
})
beforeEach(async () => {
  roomId = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(roomId)
  await carol.join(roomId)
})
afterAll(() => server[Symbol.asyncDispose]())

let txns = 0
const redact = (user: TestUser, eventId: string, body: unknown = {}, txn = `r${++txns}`) =>
  user.call('PUT', inRoom(roomId, 'redact', eventId, txn), body)
const event = async (user: TestUser, eventId: string) =>
  ok(await user.call('GET', inRoom(roomId, 'event', eventId)))

describe('redacting', () => {
  it('prunes the event everywhere and says why', async () => {
    const eventId = await bob.say(roomId, 'secret')
    const redaction = text(ok(await redact(bob, eventId, { reason: 'oops' })), 'event_id')
    const pruned = await event(carol, eventId)
    expect(pruned).toMatchObject({
      content: {},
      unsigned: {
        redacted_because: {
          event_id: redaction,
          type: 'm.room.redaction',
          content: { reason: 'oops', redacts: eventId },
          redacts: eventId,
        },
      },
    })
    const page = await messages(carol, roomId, { dir: 'b', limit: '5' })
    expect(JSON.stringify(page.events)).not.toContain('secret')
    expect(page.ids.slice(0, 2)).toEqual([redaction, eventId])
  })

  it('is open to those with the power for it, and to senders for their own events', async () => {
    const ofBob = await bob.say(roomId, 'b')
    expectError(await redact(carol, ofBob), 403, 'M_FORBIDDEN')
    ok(await redact(alice, ofBob))
    const ofAlice = await alice.say(roomId, 'a')
    expectError(await redact(bob, ofAlice), 403, 'M_FORBIDDEN')
    await bob.leave(roomId)
    expectError(await redact(bob, ofBob), 403, 'M_FORBIDDEN')
  })

  it('is not found for an event that the room does not have', async () => {
    const elsewhere = await alice.createRoom()
    const foreign = await alice.say(elsewhere, 'x')
    expectError(await redact(alice, foreign), 404, 'M_NOT_FOUND')
    expectError(await redact(alice, `$${'A'.repeat(43)}`), 404, 'M_NOT_FOUND')
    expectError(await redact(alice, 'x'), 400, 'M_INVALID_PARAM')
  })

  it('never takes the create event', async () => {
    const create = await alice.call(
      'GET',
      `${inRoom(roomId, 'state', 'm.room.create', '')}?format=event`,
    )
    expectError(await redact(alice, text(ok(create), 'event_id')), 403, 'M_FORBIDDEN')
  })

  it('is the same redaction when the transaction is repeated', async () => {
    const eventId = await bob.say(roomId, 'x')
    const first = ok(await redact(bob, eventId, {}, 'same'))
    expect(ok(await redact(bob, eventId, {}, 'same'))).toEqual(first)
    const other = await bob.say(roomId, 'y')
    expect(ok(await redact(bob, other, {}, 'same'))).not.toEqual(first)
  })

  it.each(['3', '10', '11', '12'])('works through /send in room version %s', async (version) => {
    roomId = await alice.createRoom({ room_version: version })
    const eventId = await alice.say(roomId, 'secret')
    const content = { redacts: eventId, reason: 'r' }
    const path = inRoom(roomId, 'send', 'm.room.redaction', 'via send')
    const redaction = text(ok(await alice.call('PUT', path, content)), 'event_id')
    expect(at(await event(alice, eventId), 'content')).toEqual({})
    expect(await event(alice, redaction)).toMatchObject({ content, redacts: eventId })
    const stored = await server.ctx.reads.eventById(parseEventId(redaction))
    const pdu = parseJson(stored?.json ?? '')
    const isNew = Number(version) >= 11
    expect(at(pdu, 'redacts')).toBe(isNew ? undefined : eventId)
    expect(at(pdu, 'content', 'redacts')).toBe(isNew ? eventId : undefined)
    expectError(
      await alice.call('PUT', inRoom(roomId, 'send', 'm.room.redaction', 'b'), {}),
      400,
      'M_MISSING_PARAM',
    )
    const bad = inRoom(roomId, 'send', 'm.room.redaction', 'c')
    expectError(await alice.call('PUT', bad, { redacts: 5 }), 400, 'M_BAD_JSON')
  })

  it('prunes state but leaves it in place, and setting it again makes a new event', async () => {
    const eventId = await alice.setState(roomId, 'm.room.topic', '', { topic: 'secret' })
    ok(await redact(alice, eventId))
    expect(await stateOf(alice, roomId, 'm.room.topic')).toEqual({})
    const again = await alice.setState(roomId, 'm.room.topic', '', { topic: 'secret' })
    expect(again).not.toBe(eventId)
    const path = `${inRoom(roomId, 'state', 'm.room.topic', '')}?format=event`
    expect(at(ok(await alice.call('GET', path)), 'unsigned', 'prev_content')).toEqual({})
  })

  it('takes names from the list of members', async () => {
    const content = { membership: 'join', displayname: 'Rude' }
    const eventId = await bob.setState(roomId, 'm.room.member', bob.userId, content)
    ok(await redact(alice, eventId))
    const { body } = await alice.call('GET', inRoom(roomId, 'joined_members'))
    expect(at(body, 'joined', bob.userId)).toEqual({})
    await bob.say(roomId, 'still here')
  })
})
