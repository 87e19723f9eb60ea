import { describe, expect, it } from 'vitest'
import { parseEventId, parseUserId } from '../ids.ts'
import { DEFAULT_ROOM_VERSION, roomVersion } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { Pdu } from './pdu.ts'
import { toRoomEvent } from './room-event.ts'

function requireVersion(id: string): RoomVersion {
  const found = roomVersion(id)
  if (found === undefined) throw new Error(`No room version ${id}`)
  return found
}

const v12 = DEFAULT_ROOM_VERSION
const v10 = requireVersion('10')
const eventId = parseEventId(`$${'A'.repeat(43)}`)
const target = parseEventId(`$${'B'.repeat(43)}`)
const event: Pdu = {
  type: 'm.room.message',
  room_id: '!r:domain',
  sender: parseUserId('@a:domain'),
  content: { body: 'Hello' },
  origin_server_ts: 1,
  depth: 2,
  prev_events: [target],
  auth_events: [],
}
const { room_id: _roomId, ...withoutRoom } = event
const create: Pdu = { ...event, ...withoutRoom, type: 'm.room.create', state_key: '' }
Reflect.deleteProperty(create, 'room_id')

describe('toRoomEvent', () => {
  it('takes over the fields under the names of the code', () => {
    expect(toRoomEvent(event, eventId, v10)).toStrictEqual({
      eventId,
      roomId: '!r:domain',
      type: 'm.room.message',
      stateKey: undefined,
      sender: '@a:domain',
      content: { body: 'Hello' },
      originServerTs: 1,
      depth: 2,
      prevEvents: [target],
      authEvents: [],
      redacts: undefined,
      rejected: false,
    })
  })

  it('knows an empty state key from none, and whether the event was rejected', () => {
    const state = toRoomEvent({ ...event, state_key: '' }, eventId, v10, { rejected: true })
    expect(state).toMatchObject({ stateKey: '', rejected: true })
  })

  it('derives the room ID of a create event in room version 12', () => {
    expect(toRoomEvent(create, eventId, v12).roomId).toBe(`!${'A'.repeat(43)}`)
    expect(() => toRoomEvent(create, eventId, v10)).toThrow(TypeError)
  })

  it.each<[string, RoomVersion, object, string | undefined]>([
    ['the top level up to room version 10', v10, { redacts: target }, target],
    ['not the content up to room version 10', v10, { content: { redacts: target } }, undefined],
    ['the content from room version 11', v12, { content: { redacts: target } }, target],
    ['not the top level from room version 11', v12, { redacts: target }, undefined],
    ['nothing that is no event ID', v10, { redacts: 'x' }, undefined],
    ['nothing that is no text', v10, { redacts: 1 }, undefined],
  ])('reads redacts from %s', (_name, version, change, expected) => {
    const redaction: Pdu = {
      ...event,
      ...change,
      type: 'm.room.redaction',
      room_id: version === v12 ? `!${'A'.repeat(43)}` : '!r:domain',
    }
    expect(toRoomEvent(redaction, eventId, version).redacts).toBe(expected)
    expect(toRoomEvent({ ...redaction, type: 'x' }, eventId, version).redacts).toBeUndefined()
  })
})
