import fc from 'fast-check'
import { parseEventId, parseRoomId, parseUserId } from '../../ids.ts'
import type { JsonObject } from '../../json.ts'
import { ROOM_VERSIONS } from '../../room-versions/room-version.ts'
import type { EventDraft } from '../build-event.ts'
import { anyJson, anyJsonObject, anyText } from './any-json.ts'

/** One of the room versions that can be used. */
const anyRoomVersion = fc.constantFrom(...ROOM_VERSIONS.values())

const anyEventId = fc
  .string({ unit: fc.constantFrom(...'ABCxyz019-_'), minLength: 43, maxLength: 43 })
  .map((hash) => parseEventId(`$${hash}`))

const anyUserId = fc.constantFrom('@a:domain', '@é😀:x.org', '@"\\:y').map(parseUserId)

/** Types that redaction treats in their own way, and others. */
const anyType = fc.constantFrom(
  'm.room.create',
  'm.room.member',
  'm.room.join_rules',
  'm.room.power_levels',
  'm.room.aliases',
  'm.room.history_visibility',
  'm.room.redaction',
  'm.room.message',
  'x"\\é😀',
)

/** Keys that some event type keeps when it is redacted. */
const PROTECTED_KEYS =
  'membership join_authorised_via_users_server third_party_invite creator join_rule allow ban events events_default kick redact state_default users users_default invite aliases history_visibility redacts'.split(
    ' ',
  )

/** Any object, with some of the keys that redaction keeps. */
const anyContent: fc.Arbitrary<JsonObject> = fc
  .tuple(
    anyJsonObject,
    fc.dictionary(fc.constantFrom(...PROTECTED_KEYS), anyJson, {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    fc.option(anyJsonObject, { nil: undefined }),
  )
  .map(([any, kept, invite]) => ({
    ...any,
    ...kept,
    ...(invite !== undefined && { third_party_invite: { ...invite, signed: { token: 'x' } } }),
  }))

/** Any event that may be built. */
export const anyDraft: fc.Arbitrary<EventDraft> = fc.record({
  version: anyRoomVersion,
  roomId: fc.constantFrom(parseRoomId('!r:domain'), parseRoomId('!é"😀:domain'), undefined),
  type: anyType,
  stateKey: fc.option(
    anyText.map((text) => text.replaceAll('\0', '')),
    { nil: undefined },
  ),
  sender: anyUserId,
  content: anyContent,
  originServerTs: fc.nat(),
  depth: fc.oneof(fc.nat(), fc.constant(2 ** 53)),
  prevEvents: fc.array(anyEventId, { maxLength: 3 }),
  authEvents: fc.array(anyEventId, { maxLength: 3 }),
  redacts: fc.option(anyEventId, { nil: undefined }),
  unsigned: fc.option(anyJsonObject, { nil: undefined }),
})
