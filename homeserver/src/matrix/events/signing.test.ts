import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../base64.ts'
import { parseServerName } from '../ids.ts'
import { ROOM_VERSIONS, roomVersion } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { contentHash } from './hashes.ts'
import type { Pdu } from './pdu.ts'
import { redact } from './redact.ts'
import { publicKeyFromBase64, signingKeyFromSeed } from './signing-key.ts'
import { checkContentHash, signEvent, signJson, verifyEvent, verifyJson } from './signing.ts'

// https://spec.matrix.org/v1.19/appendices/#cryptographic-test-vectors
const SEED = decodeBase64('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1') ?? Buffer.alloc(0)
const KEY_ID = 'ed25519:1'
const SERVER = parseServerName('domain')
const key = signingKeyFromSeed(KEY_ID, SEED)
const publicKey = publicKeyFromBase64(key.publicKey)
if (publicKey === undefined) throw new Error('The key pair has no public half.')

/** The vectors' events are of the first room versions; what they hold is treated alike in version 3. */
const version = requireVersion('3')

function requireVersion(id: string): RoomVersion {
  const found = roomVersion(id)
  if (found === undefined) throw new Error(`No room version ${id}`)
  return found
}

describe('signJson', () => {
  it('signs the empty object of the specification', () => {
    expect(signJson({}, SERVER, key)).toStrictEqual({
      signatures: {
        domain: {
          'ed25519:1':
            'K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ',
        },
      },
    })
  })

  it('signs the object with values of the specification', () => {
    expect(signJson({ one: 1, two: 'Two' }, SERVER, key)).toStrictEqual({
      one: 1,
      signatures: {
        domain: {
          'ed25519:1':
            'KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw',
        },
      },
      two: 'Two',
    })
  })

  it('keeps other signatures and leaves unsigned out', () => {
    const other = { domain: { 'ed25519:0': 'x' }, elsewhere: { 'ed25519:1': 'y' } }
    const signed = signJson({ a: 1, unsigned: { age: 5 }, signatures: other }, SERVER, key)
    expect(signed).toMatchObject({ unsigned: { age: 5 }, signatures: other })
    expect(verifyJson({ ...signed, unsigned: { age: 6 } }, SERVER, KEY_ID, publicKey)).toBe(true)
  })
})

describe('verifyJson', () => {
  const signed = signJson({ a: 1, ['__proto__']: 2 }, SERVER, key)

  it('accepts what was signed', () => {
    expect(verifyJson(signed, SERVER, KEY_ID, publicKey)).toBe(true)
  })

  it.each([
    ['another value', { ...signed, a: 2 }],
    ['another __proto__', { ...signed, ['__proto__']: 3 }],
    ['one key more', { ...signed, b: 1 }],
    ['no signatures', { a: 1, ['__proto__']: 2 }],
    ['signatures that are no object', { ...signed, signatures: [] }],
    ['a signature that is no text', { ...signed, signatures: { domain: { [KEY_ID]: 1 } } }],
    ['a signature that is no base64', { ...signed, signatures: { domain: { [KEY_ID]: '§' } } }],
    ['a short signature', { ...signed, signatures: { domain: { [KEY_ID]: 'AAAA' } } }],
  ])('refuses %s', (_name, object) => {
    expect(verifyJson(object, SERVER, KEY_ID, publicKey)).toBe(false)
  })

  it('refuses another server, key ID or key', () => {
    const other = publicKeyFromBase64(signingKeyFromSeed(KEY_ID, Buffer.alloc(32)).publicKey)
    expect(verifyJson(signed, 'elsewhere', KEY_ID, publicKey)).toBe(false)
    expect(verifyJson(signed, SERVER, 'ed25519:2', publicKey)).toBe(false)
    expect(other && verifyJson(signed, SERVER, KEY_ID, other)).toBe(false)
  })
})

// The vectors lack fields that room versions from 3 require: hence the casts.
const minimal = {
  room_id: '!x:domain',
  sender: '@a:domain',
  origin: 'domain',
  origin_server_ts: 1000000,
  signatures: {},
  hashes: {},
  type: 'X',
  content: {},
  prev_events: [],
  auth_events: [],
  depth: 3,
  unsigned: { age_ts: 1000000 },
} as unknown as Pdu
const redactable = {
  content: { body: 'Here is the message content' },
  event_id: '$0:domain',
  origin: 'domain',
  origin_server_ts: 1000000,
  type: 'm.room.message',
  room_id: '!r:domain',
  sender: '@u:domain',
  signatures: {},
  unsigned: { age_ts: 1000000 },
} as unknown as Pdu

describe('signEvent', () => {
  it.each([
    [
      'minimal',
      minimal,
      '5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos',
      'KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg',
    ],
    [
      'redactable',
      redactable,
      'onLKD1bGljeBWQhWZ1kaP9SorVmRQNdN5aM2JYU2n/g',
      'Wm+VzmOUOz08Ds+0NTWb1d4CZrVsJSikkeRxh6aCcUwu6pNC78FunoD7KNWzqFn241eYHYMGCA5McEiVPdhzBA',
    ],
  ])('signs the %s event of the specification', (_name, event, sha256, signature) => {
    expect(contentHash(event)).toBe(sha256)
    const signed = signEvent({ ...event, hashes: { sha256 } }, SERVER, key, version)
    expect(signed).toStrictEqual({
      ...event,
      hashes: { sha256 },
      signatures: { domain: { 'ed25519:1': signature } },
    })
    expect(checkContentHash(signed)).toBe(true)
    expect(verifyEvent(signed, SERVER, KEY_ID, publicKey, version)).toBe(true)
  })

  it('leaves the given event as it was', () => {
    const before = structuredClone(minimal)
    signEvent(minimal, SERVER, key, version)
    expect(minimal).toStrictEqual(before)
  })

  it.each([...ROOM_VERSIONS.values()])('survives redaction in room version $id', (current) => {
    const hashed = { ...redactable, hashes: { sha256: contentHash(redactable) } }
    const pruned = redact(signEvent(hashed, SERVER, key, current), current)
    expect(verifyEvent(pruned, SERVER, KEY_ID, publicKey, current)).toBe(true)
    expect(checkContentHash(pruned)).toBe(false)
  })
})

describe('checkContentHash', () => {
  it.each([[undefined], [{}], [{ sha256: 1 }], [{ sha256: '§' }], [[]], ['x']])(
    'is false for hashes %j',
    (hashes) => {
      expect(checkContentHash({ ...minimal, hashes: hashes ?? null })).toBe(false)
    },
  )

  it('compares the bytes, so that padding makes no difference', () => {
    const padded = { sha256: '5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos=' }
    expect(checkContentHash({ ...minimal, hashes: padded })).toBe(true)
  })
})
