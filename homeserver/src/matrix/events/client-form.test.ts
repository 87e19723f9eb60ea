import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEventId, parseRoomId, parseServerName, parseUserId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import { DEFAULT_ROOM_VERSION, roomVersion } from '../room-versions/room-version.ts'
import { buildEvent } from './build-event.ts'
import {
  clientEventJson,
  redactedClientEventJson,
  spliceUnsigned,
  stripState,
} from './client-form.ts'
import type { ClientEventParts } from './client-form.ts'
import { anyDraft } from './test-support/any-event.ts'
import { anyJsonObject } from './test-support/any-json.ts'
import { parseJson } from './parse-json.ts'
import { redactContent } from './redact.ts'
import { toRoomEvent } from './room-event.ts'
import { signingKeyFromSeed } from './signing-key.ts'

const SERVER = parseServerName('domain')
const key = signingKeyFromSeed('ed25519:1', Buffer.alloc(32, 7))
const ROOM = parseRoomId('!room:domain')
const target = parseEventId(`$${'B'.repeat(43)}`)
const parts: ClientEventParts = {
  eventId: parseEventId(`$${'A'.repeat(43)}`),
  roomId: ROOM,
  type: 'm.room.message',
  sender: parseUserId('@a:domain'),
  ts: 5,
  contentJson: '{"body":"Hello"}',
}
const redaction: ClientEventParts = { ...parts, type: 'm.room.redaction', redacts: target }

describe('clientEventJson', () => {
  it('parses to the client form of any event, built from the stored text alone', () => {
    fc.assert(
      fc.property(anyDraft, fc.option(anyJsonObject, { nil: undefined }), (draft, unsigned) => {
        const { pdu, eventId, json, contentAt, contentEnd } = buildEvent(draft, SERVER, key)
        const text = clientEventJson({
          eventId,
          roomId: draft.roomId ?? ROOM,
          type: pdu.type,
          sender: pdu.sender,
          ts: pdu.origin_server_ts,
          stateKey: draft.stateKey,
          contentJson: json.slice(contentAt, contentEnd),
          unsignedJson: unsigned && JSON.stringify(unsigned),
        })
        const expected: JsonObject = {
          content: draft.content,
          event_id: eventId,
          origin_server_ts: draft.originServerTs,
          room_id: draft.roomId ?? ROOM,
          sender: draft.sender,
          type: draft.type,
          ...(draft.stateKey !== undefined && { state_key: draft.stateKey }),
          ...(unsigned !== undefined && { unsigned }),
        }
        expect(isDeepStrictEqual(parseJson(text), expected)).toBe(true)
      }),
    )
  })

  it('leaves out the room where the response names it', () => {
    const text = clientEventJson({ ...parts, roomId: undefined })
    expect(Object.keys(Object(parseJson(text)))).not.toContain('room_id')
  })

  it.each([
    ['{}', { redacts: target }],
    ['{"reason":"spam"}', { reason: 'spam', redacts: target }],
    [`{"redacts":"${target}"}`, { redacts: target }],
    ['{"redacts":"something else","reason":"x"}', { redacts: target, reason: 'x' }],
    ['{"a":{"redacts":1}}', { a: { redacts: 1 }, redacts: target }],
    ['{"a":"\\"redacts\\""}', { a: '"redacts"', redacts: target }],
  ])('gives a redaction with content %s redacts in both places, once', (contentJson, content) => {
    const text = clientEventJson({ ...redaction, contentJson })
    expect(parseJson(text)).toMatchObject({ redacts: target, content })
    expect(Object.keys(Object(parseJson(text)).content)).toEqual(Object.keys(content))
    expect(text.split(`"redacts":"${target}"`)).toHaveLength(3)
  })
})

describe('spliceUnsigned', () => {
  it('gives what building with unsigned gives', () => {
    const unsignedJson = '{"age":1,"transaction_id":"}\\""}'
    expect(spliceUnsigned(clientEventJson(parts), unsignedJson)).toBe(
      clientEventJson({ ...parts, unsignedJson }),
    )
  })
})

describe('redactedClientEventJson', () => {
  const because = clientEventJson(redaction)

  it('prunes the content and carries the redaction', () => {
    const text = redactedClientEventJson(parts, DEFAULT_ROOM_VERSION, because)
    expect(parseJson(text)).toStrictEqual({
      content: {},
      event_id: parts.eventId,
      origin_server_ts: 5,
      room_id: ROOM,
      sender: '@a:domain',
      type: 'm.room.message',
      unsigned: { redacted_because: parseJson(because) },
    })
  })

  it('keeps what the room version protects, and other unsigned data', () => {
    fc.assert(
      fc.property(anyDraft, ({ version, type, content }) => {
        const given = { ...parts, type, contentJson: JSON.stringify(content) }
        const text = redactedClientEventJson(
          { ...given, unsignedJson: '{"a":1}' },
          version,
          because,
        )
        const kept = redactContent(type, content, version)
        const { content: actual, unsigned } = Object(parseJson(text))
        expect(isDeepStrictEqual(actual, kept)).toBe(true)
        expect(unsigned).toEqual({ a: 1, redacted_because: parseJson(because) })
      }),
    )
  })

  it('drops the redacts of a redacted redaction where the room version does', () => {
    const v10 = roomVersion('10')
    const old = v10 && redactedClientEventJson({ ...redaction, contentJson: '{}' }, v10, because)
    expect(parseJson(old ?? '')).toMatchObject({ content: {} })
    expect(Object.keys(Object(parseJson(old ?? '')))).not.toContain('redacts')
    const contentJson = JSON.stringify({ redacts: target, reason: 'x' })
    const given = { ...redaction, contentJson }
    const text = redactedClientEventJson(given, DEFAULT_ROOM_VERSION, because)
    expect(parseJson(text)).toMatchObject({ redacts: target, content: { redacts: target } })
  })
})

describe('stripState', () => {
  const { pdu, eventId } = buildEvent(
    {
      version: DEFAULT_ROOM_VERSION,
      type: 'm.room.create',
      stateKey: '',
      sender: parts.sender,
      content: { ['__proto__']: 1 },
      originServerTs: 1,
      depth: 1,
      prevEvents: [],
      authEvents: [],
    },
    SERVER,
    key,
  )
  const event = toRoomEvent(pdu, eventId, DEFAULT_ROOM_VERSION)

  it('keeps type, state key, sender and content', () => {
    expect(stripState(event)).toEqual({
      type: 'm.room.create',
      state_key: '',
      sender: '@a:domain',
      content: { ['__proto__']: 1 },
    })
  })

  it('refuses an event that is no state', () => {
    expect(() => stripState({ ...event, stateKey: undefined })).toThrow(TypeError)
  })
})
