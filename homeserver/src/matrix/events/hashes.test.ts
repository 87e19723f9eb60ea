import { describe, expect, it } from 'vitest'
import { parseUserId } from '../ids.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { contentHash, eventIdOf, referenceHash, roomIdOfCreate } from './hashes.ts'
import type { Pdu } from './pdu.ts'

function requireVersion(id: string): RoomVersion {
  const found = ROOM_VERSIONS.get(id)
  if (found === undefined) throw new Error(`No room version ${id}`)
  return found
}

const event: Pdu = {
  type: 'm.room.message',
  room_id: '!r:domain',
  sender: parseUserId('@a:domain'),
  content: { body: 'Hello' },
  origin_server_ts: 1,
  depth: 2,
  prev_events: [],
  auth_events: [],
  hashes: { sha256: 'x' },
  signatures: { domain: { 'ed25519:1': 'y' } },
  unsigned: { age: 1 },
}

describe('contentHash', () => {
  it('does not cover hashes, signatures and unsigned', () => {
    expect(contentHash({ ...event, hashes: {}, signatures: {}, unsigned: {} })).toBe(
      contentHash(event),
    )
  })

  it('covers everything else', () => {
    const changes = [{ content: {} }, { foo: 1 }, { ['__proto__']: 1 }, { depth: 3 }]
    const hashes = changes.map((change) => contentHash({ ...event, ...change }))
    expect(new Set([...hashes, contentHash(event)]).size).toBe(5)
  })
})

describe('referenceHash', () => {
  const v10 = requireVersion('10')

  it('covers the redacted event with its content hash, without signatures and unsigned', () => {
    const same = [{ content: {} }, { signatures: {} }, { unsigned: {} }, { foo: 1 }]
    const other = [{ hashes: {} }, { depth: 3 }, { membership: 'join' }, { room_id: '!x:y' }]
    const hash = referenceHash(event, v10)
    for (const change of same) expect(referenceHash({ ...event, ...change }, v10)).toBe(hash)
    for (const change of other) expect(referenceHash({ ...event, ...change }, v10)).not.toBe(hash)
  })

  it('differs between room versions that redact differently', () => {
    const old = { ...event, membership: 'join' }
    expect(referenceHash(old, requireVersion('11'))).not.toBe(referenceHash(old, v10))
  })

  it('is standard base64 in room version 3 and URL-safe later', () => {
    const events = Array.from({ length: 50 }, (_, depth) => ({ ...event, depth }))
    for (const pdu of events) {
      const standard = referenceHash(pdu, requireVersion('3'))
      expect(standard).toMatch(/^[A-Za-z0-9+/]{43}$/)
      expect(eventIdOf(pdu, requireVersion('3'))).toBe(`$${standard}`)
      expect(eventIdOf(pdu, requireVersion('4'))).toBe(
        `$${standard.replaceAll('+', '-').replaceAll('/', '_')}`,
      )
    }
  })
})

describe('roomIdOfCreate', () => {
  it('is the event ID with another sigil', () => {
    const eventId = eventIdOf(event, requireVersion('12'))
    expect(roomIdOfCreate(eventId)).toBe(eventId.replace('$', '!'))
  })
})
