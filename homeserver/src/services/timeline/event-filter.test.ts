import { describe, expect, it } from 'vitest'
import type { RoomInfo, StoredEvent } from '#log/types.ts'
import { parseEventId, parseRoomId, parseUserId } from '#matrix/ids.ts'
import { DEFAULT_ROOM_VERSION } from '#matrix/room-versions/room-version.ts'
import { roomEventFilterSchema } from '#services/filters/index.ts'
import { eventTest } from './event-filter.ts'

const ALICE = parseUserId('@alice:domain')
const BOB = parseUserId('@bob:domain')
const ROOM = parseRoomId('!r:domain')

function event(type: string, content = '{}', senderId = ALICE): StoredEvent {
  return {
    pos: 1,
    room: 1 as StoredEvent['room'],
    eventId: parseEventId(`$${'A'.repeat(43)}`),
    type,
    stateKey: undefined,
    sender: 1 as StoredEvent['sender'],
    senderId,
    depth: 1,
    ts: 1,
    flags: 0,
    point: undefined,
    notifySeq: 0,
    thread: undefined,
    redactedBy: undefined,
    json: content,
    contentAt: 0,
    contentEnd: content.length,
  }
}

const room: RoomInfo = {
  key: 1 as RoomInfo['key'],
  roomId: ROOM,
  version: DEFAULT_ROOM_VERSION,
}

const passes = (filter: object, candidate: StoredEvent) =>
  eventTest(roomEventFilterSchema.parse(filter), room)?.(candidate) ?? true

describe('a filter of events', () => {
  it('lets everything pass when it is empty', () => {
    expect(eventTest({}, room)).toBeUndefined()
    expect(eventTest({ limit: 3, lazy_load_members: true }, room)).toBeUndefined()
  })

  it.each([
    [{ types: ['m.room.message'] }, 'm.room.message', true],
    [{ types: ['m.room.message'] }, 'm.room.name', false],
    [{ types: [] }, 'm.room.name', false],
    [{ types: ['m.room.*'] }, 'm.room.name', true],
    [{ types: ['m.room.*'] }, 'm.roo', false],
    [{ types: ['*.message'] }, 'm.room.message', true],
    [{ types: ['m.*.na*'] }, 'm.room.name', true],
    [{ types: ['m.*.na*'] }, 'm.room.topic', false],
    [{ types: ['a*a'] }, 'a', false],
    [{ types: ['m.room.*'], not_types: ['*.name'] }, 'm.room.name', false],
    [{ not_types: [] }, 'm.room.name', true],
    [{ not_types: ['m.room.name'] }, 'm.room.name', false],
    [{ types: ['m.room.m?ssage'] }, 'm.room.message', false],
  ])('%j on %s: %s', (filter, type, expected) => {
    expect(passes(filter, event(type))).toBe(expected)
  })

  it('excludes senders even when they are also wanted', () => {
    expect(passes({ senders: [ALICE] }, event('x'))).toBe(true)
    expect(passes({ senders: [BOB] }, event('x'))).toBe(false)
    expect(passes({ senders: [ALICE], not_senders: [ALICE] }, event('x'))).toBe(false)
  })

  it('tells events with a url apart by their own content', () => {
    const withUrl = event('x', '{"url":"mxc://a/b"}')
    const nested = event('x', '{"info":{"url":"mxc://a/b"}}')
    expect(passes({ contains_url: true }, withUrl)).toBe(true)
    expect(passes({ contains_url: true }, nested)).toBe(false)
    expect(passes({ contains_url: false }, nested)).toBe(true)
    expect(passes({ contains_url: false }, withUrl)).toBe(false)
  })

  it('lets nothing pass in a room that is not wanted', () => {
    expect(passes({ rooms: ['!other:domain'] }, event('x'))).toBe(false)
    expect(passes({ rooms: [ROOM] }, event('x'))).toBe(true)
    expect(passes({ rooms: [ROOM], not_rooms: [ROOM] }, event('x'))).toBe(false)
  })

  it('matches a hostile pattern in time linear in the type', () => {
    const type = 'a'.repeat(250)
    expect(passes({ types: [`${'a*'.repeat(100)}b`] }, event(type))).toBe(false)
  })
})
