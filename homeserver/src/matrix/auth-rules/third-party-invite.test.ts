import { describe, expect, it } from 'vitest'
import { parseJson } from '../events/parse-json.ts'
import { signJson } from '../events/signing.ts'
import { signingKeyFromSeed } from '../events/signing-key.ts'
import { parseServerName } from '../ids.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import { checkAuth } from './check-auth.ts'
import { stateLookupOf } from './state-lookup.ts'
import { stateOf } from './test-support/cases.ts'
import {
  ALICE,
  BOB,
  DAN,
  GINA,
  ZED,
  has,
  member,
  stateEvent,
  toEvent,
} from './test-support/room.ts'
import type { Given } from './test-support/room.ts'
import { isSignedByInviteKey } from './third-party-invite.ts'

const identityServer = parseServerName('id.example.org')
const key = signingKeyFromSeed('ed25519:0', Buffer.alloc(32, 7))
const otherKey = signingKeyFromSeed('ed25519:1', Buffer.alloc(32, 8))
const sign = (block: JsonObject) => signJson(block, identityServer, key)
const signed = sign({ mxid: DAN, token: 'T' })
const thirdParty = (sender: string, content: JsonObject): Given =>
  has(stateEvent(sender, 'm.room.third_party_invite', content, 'T'))

describe('the signature of a third-party invite', () => {
  it.each<[string, JsonObject]>([
    ['public_key', { public_key: key.publicKey }],
    ['public_keys', { public_keys: [{ public_key: key.publicKey }] }],
    [
      'public_keys beside another public_key',
      { public_key: otherKey.publicKey, public_keys: [{ public_key: key.publicKey }] },
    ],
    [
      'public_key beside malformed public_keys',
      { public_key: key.publicKey, public_keys: [null, 'x', { public_key: 1 }] },
    ],
    [
      'a key in the URL-safe alphabet',
      { public_key: key.publicKey.replaceAll('+', '-').replaceAll('/', '_') },
    ],
  ])('matches %s', (_title, content) => {
    expect(isSignedByInviteKey(signed, content)).toBe(true)
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['another key', signed, { public_key: otherKey.publicKey }],
    ['no key', signed, {}],
    ['a key of the wrong length', signed, { public_key: 'AAAA' }],
    ['a changed user', { ...signed, mxid: ZED }, { public_key: key.publicKey }],
    ['an added property', { ...signed, more: true }, { public_key: key.publicKey }],
    ['no signatures', { mxid: DAN, token: 'T' }, { public_key: key.publicKey }],
    ['malformed signatures', { ...signed, signatures: [1] }, { public_key: key.publicKey }],
    [
      'a signature cut short',
      { ...signed, signatures: { a: { 'ed25519:0': 'AAAA' } } },
      { public_key: key.publicKey },
    ],
    [
      'a block without canonical JSON',
      { ...signed, more: '\ud800' },
      { public_key: key.publicKey },
    ],
  ])('does not match with %s', (_title, block, content) => {
    expect(isSignedByInviteKey(block, content)).toBe(false)
  })

  it('counts only ed25519 signatures', () => {
    const block = sign({ mxid: DAN, token: 'T' })
    const renamed = parseJson(JSON.stringify(block).replace('ed25519:0', 'rsa:0'))
    if (!isJsonObject(renamed)) throw new TypeError('Not an object')
    expect(isSignedByInviteKey(renamed, { public_key: key.publicKey })).toBe(false)
  })

  it('is looked for among a bounded number of keys', () => {
    const others = Array.from({ length: 1000 }, () => ({ public_key: otherKey.publicKey }))
    const content = { public_keys: [...others, { public_key: key.publicKey }] }
    expect(isSignedByInviteKey(signed, content)).toBe(false)
  })
})

describe.each([...ROOM_VERSIONS.values()])('third-party invites, room version $id', (version) => {
  const isAllowed = (sender: string, target: string, invite: JsonValue, ...given: Given[]) => {
    const state = stateOf(version.id, ...given)
    const draft = member(sender, target, 'invite', { third_party_invite: invite })
    return checkAuth(toEvent(draft, version), stateLookupOf(state.values()), version).allowed
  }
  const open = thirdParty(BOB, { public_key: key.publicKey })

  it('are allowed with a valid signature', () => {
    expect(isAllowed(BOB, DAN, { signed }, open)).toBe(true)
  })

  it('are allowed to an inviter who has left since', () => {
    expect(isAllowed(BOB, DAN, { signed }, open, has(member(BOB, BOB, 'leave')))).toBe(true)
  })

  it('are refused with a signature by another key', () => {
    const wrong = thirdParty(BOB, { public_key: otherKey.publicKey })
    expect(isAllowed(BOB, DAN, { signed }, wrong)).toBe(false)
  })

  it.each<[string, JsonValue]>([
    ['that is null', null],
    ['without signed', {}],
    ['whose signed is no object', { signed: 'yes' }],
    ['without mxid', { signed: sign({ token: 'T' }) }],
    ['without token', { signed: sign({ mxid: DAN }) }],
    ['with another token', { signed: sign({ mxid: DAN, token: 'U' }) }],
    ['for another user', { signed: sign({ mxid: ZED, token: 'T' }) }],
  ])('are refused for a block %s, though the sender could invite', (_title, invite) => {
    expect(isAllowed(BOB, DAN, invite, open)).toBe(false)
  })

  it('are refused to another sender', () => {
    expect(isAllowed(ALICE, DAN, { signed }, open)).toBe(false)
  })

  it('are refused for the banned', () => {
    const block = { signed: sign({ mxid: GINA, token: 'T' }) }
    expect(isAllowed(BOB, GINA, block, open)).toBe(false)
  })

  it('are refused after they were withdrawn', () => {
    expect(isAllowed(BOB, DAN, { signed }, thirdParty(BOB, {}))).toBe(false)
  })
})
