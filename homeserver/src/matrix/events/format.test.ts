import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../json.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { checkEventFormat } from './format.ts'
import { without } from './hashes.ts'

const HASH = 'A'.repeat(43)

function requireVersion(id: string): RoomVersion {
  const found = ROOM_VERSIONS.get(id)
  if (found === undefined) throw new Error(`No room version ${id}`)
  return found
}

const event = (version: RoomVersion, change: JsonObject = {}): JsonObject => ({
  type: 'm.room.message',
  room_id: version.roomIdIsCreateHash ? `!${HASH}` : '!r:domain',
  sender: '@a:domain',
  content: { body: 'Hello' },
  origin_server_ts: 1,
  depth: 2,
  prev_events: [`$${HASH}`],
  auth_events: [`$${HASH}`],
  hashes: { sha256: HASH },
  signatures: { domain: { 'ed25519:1': 'x' } },
  ...change,
})

const ids = (count: number): string[] => Array.from({ length: count }, () => `$${HASH}`)
const v12 = requireVersion('12')
const v10 = requireVersion('10')
const v5 = requireVersion('5')

describe('checkEventFormat', () => {
  it.each([...ROOM_VERSIONS.values()])('accepts an event of room version $id', (version) => {
    expect(() => checkEventFormat(event(version), version)).not.toThrow()
  })

  it.each<[string, JsonObject]>([
    ['a state key', { state_key: '' }],
    ['unsigned data and unknown keys', { unsigned: { age: 1 }, foo: 1, ['__proto__']: 1 }],
    ['20 previous and 10 authorising events', { prev_events: ids(20), auth_events: ids(10) }],
    ['no previous events', { prev_events: [], auth_events: [] }],
    ['fields of 255 bytes', { type: 'a'.repeat(255), state_key: 'é'.repeat(127) }],
    ['an old-fashioned sender', { sender: '@É 😀:domain' }],
    ['the greatest depth', { depth: 2 ** 53 - 1 }],
    ['NUL in the content', { content: { a: '\0' } }],
  ])('accepts %s', (_name, change) => {
    expect(() => checkEventFormat(event(v12, change), v12)).not.toThrow()
  })

  const required =
    'type sender room_id content origin_server_ts depth prev_events auth_events hashes signatures'
  it.each(required.split(' '))('refuses an event without %s', (key) => {
    expect(() => checkEventFormat(without(event(v12), [key]), v12)).toThrow(
      expect.objectContaining({ status: 400, errcode: 'M_BAD_JSON' }),
    )
  })

  it.each<[string, JsonValue]>([
    ['type', 1],
    ['type', 'a\0b'],
    ['type', '\ud800'],
    ['state_key', null],
    ['state_key', '\0'],
    ['state_key', '\udc00'],
    ['sender', 'alice'],
    ['sender', '@a\0:domain'],
    ['sender', '@alice'],
    ['room_id', '!r:domain'],
    ['room_id', '#r:domain'],
    ['content', []],
    ['content', 'x'],
    ['content', null],
    ['content', { a: '\ud800' }],
    ['content', { a: 1.5 }],
    ['content', { a: 2 ** 53 }],
    ['content', { a: -0 }],
    ['unsigned', []],
    ['origin_server_ts', 1.5],
    ['origin_server_ts', '1'],
    ['depth', -1],
    ['depth', 1.5],
    ['depth', 2 ** 53],
    ['depth', '1'],
    ['prev_events', {}],
    ['prev_events', ids(21)],
    ['prev_events', [1]],
    ['prev_events', ['x']],
    ['prev_events', [[`$${HASH}`, {}]]],
    ['auth_events', ids(11)],
    ['auth_events', null],
    ['hashes', {}],
    ['hashes', { sha256: 1 }],
    ['hashes', []],
    ['signatures', []],
  ])('refuses %s being %j', (key, value) => {
    expect(() => checkEventFormat(event(v12, { [key]: value }), v12)).toThrow(
      expect.objectContaining({ status: 400, errcode: 'M_BAD_JSON' }),
    )
  })

  it.each<[string, JsonObject]>([
    ['a type of 256 bytes', { type: 'a'.repeat(256) }],
    ['a state key of 256 bytes', { state_key: 'é'.repeat(128) }],
    ['a sender of 256 bytes', { sender: `@${'a'.repeat(248)}:domain` }],
    ['more than 65,536 bytes', { content: { a: 'é'.repeat(32_768) } }],
    ['more than 65,536 bytes of unsigned', { unsigned: { a: 'a'.repeat(65_536) } }],
  ])('refuses %s as too large', (_name, change) => {
    expect(() => checkEventFormat(event(v12, change), v12)).toThrow(
      expect.objectContaining({ status: 413, errcode: 'M_TOO_LARGE' }),
    )
  })

  it('lets a create event have no room_id from room version 12, and only there', () => {
    const create = without(event(v12, { type: 'm.room.create', state_key: '' }), ['room_id'])
    expect(() => checkEventFormat(create, v12)).not.toThrow()
    expect(() => checkEventFormat(create, v10)).toThrow()
    expect(() => checkEventFormat({ ...create, room_id: `!${HASH}` }, v12)).toThrow()
  })

  it('asks for a domain in the room ID up to room version 11', () => {
    expect(() => checkEventFormat(event(v10, { room_id: `!${HASH}` }), v10)).toThrow()
  })

  it('lets numbers be anything up to room version 5', () => {
    expect(() => checkEventFormat(event(v5, { content: { a: 1.5, b: 2 ** 60 } }), v5)).not.toThrow()
  })
})
