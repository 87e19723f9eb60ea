import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseServerName, parseUserId } from '../ids.ts'
import { DEFAULT_ROOM_VERSION } from '../room-versions/room-version.ts'
import { buildEvent } from './build-event.ts'
import type { EventDraft } from './build-event.ts'
import { canonicalJson } from './canonical-json.ts'
import { anyDraft } from './test-support/any-event.ts'
import { checkEventFormat } from './format.ts'
import { contentHash, eventIdOf } from './hashes.ts'
import { parseJson, parseStrictJson } from './parse-json.ts'
import type { Pdu } from './pdu.ts'
import { publicKeyFromBase64, signingKeyFromSeed } from './signing-key.ts'
import { checkContentHash, signEvent, verifyEvent } from './signing.ts'

const SERVER = parseServerName('domain:8448')
const key = signingKeyFromSeed('ed25519:a_1', Buffer.alloc(32, 7))
const publicKey = publicKeyFromBase64(key.publicKey)
if (publicKey === undefined) throw new Error('The key pair has no public half.')

const draft: EventDraft = {
  version: DEFAULT_ROOM_VERSION,
  type: 'm.room.create',
  stateKey: '',
  sender: parseUserId('@alice:domain'),
  content: { room_version: '12' },
  originServerTs: 1_790_000_000_000,
  depth: 1,
  prevEvents: [],
  authEvents: [],
}

describe('buildEvent', () => {
  it('equals hashing, signing and serialising one after the other', () => {
    fc.assert(
      fc.property(anyDraft, (given) => {
        const { pdu, eventId, json } = buildEvent(given, SERVER, key)
        const { hashes: _hashes, signatures: _signatures, ...bare } = pdu
        const unhashed: Pdu = { ...bare, ...required(given) }
        const hashed = { ...unhashed, hashes: { sha256: contentHash(unhashed) } }
        const signed = signEvent(hashed, SERVER, key, given.version)
        expect(isDeepStrictEqual(pdu, signed)).toBe(true)
        expect(json).toBe(canonicalJson(signed, { strict: true }))
        expect(eventId).toBe(eventIdOf(signed, given.version))
      }),
    )
  })

  it('gives events that other servers can check', () => {
    fc.assert(
      fc.property(anyDraft, (given) => {
        const { pdu } = buildEvent(given, SERVER, key)
        expect(checkContentHash(pdu)).toBe(true)
        expect(verifyEvent(pdu, SERVER, key.keyId, publicKey, given.version)).toBe(true)
      }),
    )
  })

  it('tells where the content lies', () => {
    fc.assert(
      fc.property(anyDraft, (given) => {
        const { json, contentAt, contentEnd } = buildEvent(given, SERVER, key)
        expect(json.slice(contentAt, contentEnd)).toBe(canonicalJson(given.content))
        expect(json.slice(0, contentAt).endsWith(',"content":')).toBe(true)
        expect(json.slice(contentEnd).startsWith(',"depth":')).toBe(true)
      }),
    )
  })

  it('makes a create event that passes the format check', () => {
    const { json } = buildEvent(draft, SERVER, key)
    const pdu = Object(parseStrictJson(json))
    expect(() => checkEventFormat(pdu, DEFAULT_ROOM_VERSION)).not.toThrow()
  })

  it('keeps its own depth at the limit', () => {
    expect(buildEvent({ ...draft, depth: 2 ** 60 }, SERVER, key).pdu.depth).toBe(2 ** 53 - 1)
  })

  it.each([
    ['content over 64 KiB', { content: { body: 'é'.repeat(32_800) } }, 413, 'M_TOO_LARGE'],
    ['a type over 255 bytes', { type: 'é'.repeat(128) }, 413, 'M_TOO_LARGE'],
    ['a state key over 255 bytes', { stateKey: '😀'.repeat(64) }, 413, 'M_TOO_LARGE'],
    ['NUL in the type', { type: 'a\0' }, 400, 'M_BAD_JSON'],
    ['NUL in the state key', { stateKey: '\0' }, 400, 'M_BAD_JSON'],
    ['a lone surrogate in the state key', { stateKey: '\ud800' }, 400, 'M_BAD_JSON'],
    ['a lone surrogate in the content', { content: { a: '\ud800' } }, 400, 'M_BAD_JSON'],
    ['a float in the content', { content: { a: 1.5 } }, 400, 'M_BAD_JSON'],
  ])('refuses %s', (_name, change, status, errcode) => {
    expect(() => buildEvent({ ...draft, ...change }, SERVER, key)).toThrow(
      expect.objectContaining({ status, errcode }),
    )
  })

  it('accepts exactly 65,536 bytes', () => {
    const size = (body: string) => {
      const { json } = buildEvent({ ...draft, content: { body } }, SERVER, key)
      return Buffer.byteLength(json)
    }
    const room = 65_536 - size('')
    expect(size('a'.repeat(room))).toBe(65_536)
    expect(() => size('a'.repeat(room + 1))).toThrow(
      expect.objectContaining({ errcode: 'M_TOO_LARGE' }),
    )
  })

  it('accepts floats where the room version does', () => {
    const built = buildEvent(
      {
        ...draft,
        version: { ...DEFAULT_ROOM_VERSION, strictCanonicalJson: false },
        content: { a: 1.5 },
      },
      SERVER,
      key,
    )
    expect(parseJson(built.json)).toMatchObject({ content: { a: 1.5 } })
  })
})

/** The fields of a draft that every event has. */
function required(given: EventDraft) {
  return {
    type: given.type,
    sender: given.sender,
    content: given.content,
    origin_server_ts: given.originServerTs,
    depth: Math.min(given.depth, Number.MAX_SAFE_INTEGER),
    prev_events: [...given.prevEvents],
    auth_events: [...given.authEvents],
  }
}
