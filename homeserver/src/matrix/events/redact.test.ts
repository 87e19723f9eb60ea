import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseServerName, parseUserId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import { buildEvent } from './build-event.ts'
import { anyDraft } from './test-support/any-event.ts'
import type { Pdu } from './pdu.ts'
import { redact } from './redact.ts'
import { signingKeyFromSeed } from './signing-key.ts'

const POWER_LEVELS =
  'ban events events_default kick redact state_default users users_default'.split(' ')

/** Content keys that each event type keeps, by the text of the room versions' redaction rules. */
const KEPT: { versions: string[]; kept: { [type: string]: string[] } }[] = [
  {
    versions: ['3', '4', '5'],
    kept: {
      'm.room.member': ['membership'],
      'm.room.create': ['creator'],
      'm.room.join_rules': ['join_rule'],
      'm.room.power_levels': POWER_LEVELS,
      'm.room.aliases': ['aliases'],
      'm.room.history_visibility': ['history_visibility'],
    },
  },
  {
    versions: ['6', '7'],
    kept: {
      'm.room.member': ['membership'],
      'm.room.create': ['creator'],
      'm.room.join_rules': ['join_rule'],
      'm.room.power_levels': POWER_LEVELS,
      'm.room.history_visibility': ['history_visibility'],
    },
  },
  {
    versions: ['8'],
    kept: {
      'm.room.member': ['membership'],
      'm.room.create': ['creator'],
      'm.room.join_rules': ['join_rule', 'allow'],
      'm.room.power_levels': POWER_LEVELS,
      'm.room.history_visibility': ['history_visibility'],
    },
  },
  {
    versions: ['9', '10'],
    kept: {
      'm.room.member': ['membership', 'join_authorised_via_users_server'],
      'm.room.create': ['creator'],
      'm.room.join_rules': ['join_rule', 'allow'],
      'm.room.power_levels': POWER_LEVELS,
      'm.room.history_visibility': ['history_visibility'],
    },
  },
  {
    versions: ['11', '12'],
    kept: {
      'm.room.member': ['membership', 'join_authorised_via_users_server', 'third_party_invite'],
      'm.room.join_rules': ['join_rule', 'allow'],
      'm.room.power_levels': [...POWER_LEVELS, 'invite'],
      'm.room.history_visibility': ['history_visibility'],
      'm.room.redaction': ['redacts'],
    },
  },
]

const OLD_TOP_LEVEL =
  'event_id type room_id sender state_key content hashes signatures depth prev_events prev_state auth_events origin origin_server_ts membership'.split(
    ' ',
  )
const TOP_LEVEL = OLD_TOP_LEVEL.filter(
  (key) => !['prev_state', 'origin', 'membership'].includes(key),
)

const TYPES = [
  'm.room.member',
  'm.room.create',
  'm.room.join_rules',
  'm.room.power_levels',
  'm.room.aliases',
  'm.room.history_visibility',
  'm.room.redaction',
  'm.room.message',
]

/** Every key that any room version keeps for any type, and some that none keeps. */
const FULL_CONTENT: JsonObject = Object.fromEntries(
  [...new Set(KEPT.flatMap(({ kept }) => Object.values(kept).flat())), 'body', '__proto__'].map(
    (key) => [key, key === 'third_party_invite' ? { signed: { a: 1 }, display_name: 'x' } : key],
  ),
)

const fullEvent = (type: string): Pdu => ({
  ...Object.fromEntries(OLD_TOP_LEVEL.map((key) => [key, `the ${key}`])),
  ['__proto__']: 1,
  redacts: '$x',
  unsigned: {},
  extra: 1,
  type,
  sender: parseUserId('@a:domain'),
  content: FULL_CONTENT,
  origin_server_ts: 1,
  depth: 1,
  prev_events: [],
  auth_events: [],
})

const cases = KEPT.flatMap(({ versions, kept }) =>
  versions.flatMap((id) => {
    const version = ROOM_VERSIONS.get(id)
    if (version === undefined) throw new Error(`No room version ${id}`)
    return TYPES.map((type) => ({ id, version, type, keys: kept[type] ?? [] }))
  }),
)

describe('redact', () => {
  it.each(cases)('keeps of $type in room version $id what the rules name', (given) => {
    const redacted = redact(fullEvent(given.type), given.version)
    const topLevel = given.version.updatedRedaction ? TOP_LEVEL : OLD_TOP_LEVEL
    expect(Object.keys(redacted).toSorted()).toEqual(topLevel.toSorted())
    const everything = given.type === 'm.room.create' && given.version.updatedRedaction
    const keys = everything ? Object.keys(FULL_CONTENT) : given.keys
    expect(Object.keys(redacted.content).toSorted()).toEqual(keys.toSorted())
  })

  it.each(['11', '12'])('keeps only signed of third_party_invite in room version %s', (id) => {
    const version = ROOM_VERSIONS.get(id)
    const member = (invite: JsonObject | string): Pdu => ({
      ...fullEvent('m.room.member'),
      content: { membership: 'invite', third_party_invite: invite },
    })
    const contentOf = (pdu: Pdu) => version && redact(pdu, version).content
    expect(contentOf(member({ signed: { a: 1 }, display_name: 'x' }))).toEqual({
      membership: 'invite',
      third_party_invite: { signed: { a: 1 } },
    })
    expect(contentOf(member('text'))).toEqual({ membership: 'invite' })
  })

  it('is idempotent and leaves the given event as it was', () => {
    const key = signingKeyFromSeed('ed25519:1', Buffer.alloc(32))
    fc.assert(
      fc.property(anyDraft, (draft) => {
        const { pdu } = buildEvent(draft, parseServerName('domain'), key)
        const before = structuredClone(pdu)
        const once = redact(pdu, draft.version)
        expect(isDeepStrictEqual(redact(once, draft.version), once)).toBe(true)
        expect(isDeepStrictEqual(pdu, before)).toBe(true)
      }),
    )
  })
})
