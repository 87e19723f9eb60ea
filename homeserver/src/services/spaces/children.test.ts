import { describe, expect, it } from 'vitest'
import { parseEventId, parseRoomId, parseUserId } from '#matrix/ids.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'
import type { RoomKey, UserKey } from '#log/types.ts'
import type { StateEvent } from '#room-state/types.ts'
import { childrenOf } from './children.ts'

const ALICE = parseUserId('@alice:example.org')
const EVENT = parseEventId('$e:example.org')

function link(stateKey: string, content: JsonObject, ts = 0): StateEvent {
  return {
    pos: 1,
    room: 1 as RoomKey,
    eventId: EVENT,
    type: 'm.space.child',
    stateKey,
    sender: 1 as UserKey,
    senderId: ALICE,
    depth: 1,
    ts,
    flags: 0,
    point: undefined,
    notifySeq: 0,
    thread: undefined,
    redactedBy: undefined,
    json: '{}',
    contentAt: 0,
    contentEnd: 2,
    roomEvent: () => ({
      eventId: EVENT,
      roomId: parseRoomId('!space:example.org'),
      type: 'm.space.child',
      stateKey,
      sender: ALICE,
      content,
      originServerTs: ts,
      depth: 1,
      prevEvents: [],
      authEvents: [],
      redacts: undefined,
      rejected: false,
    }),
  }
}

const via = ['example.org']
const keys = (events: readonly StateEvent[], suggestedOnly = false) =>
  childrenOf(events, { suggestedOnly }).map(({ state_key }) => state_key)

describe('the children of a space', () => {
  it('come in the order of the specification', () => {
    const events = [
      link('!e:example.org', { via }, 1640641000000),
      link('!a:example.org', { via, order: 'aaaa' }, 1640141000000),
      link('!d:example.org', { via }, 1640741000000),
      link('!c:example.org', { via, order: 'first' }, 1640841000000),
      link('!b:example.org', { via, order: ' ' }, 1640341000000),
    ]
    const expected = ['b', 'a', 'c', 'e', 'd'].map((name) => `!${name}:example.org`)
    expect(keys(events)).toEqual(expected)
    expect(keys(events.toReversed())).toEqual(expected)
  })

  it('of the same order go by their time, then by their room ID', () => {
    const events = [
      link('!c:example.org', { via, order: 'x' }, 2),
      link('!b:example.org', { via, order: 'x' }, 1),
      link('!a:example.org', { via, order: 'x' }, 2),
    ]
    expect(keys(events)).toEqual(['!b:example.org', '!a:example.org', '!c:example.org'])
  })

  it.each<[string, JsonValue]>([
    ['no text', 5],
    ['empty', ''],
    ['too long', 'a'.repeat(51)],
    ['not ASCII', 'é'],
    ['with a control character', 'a\u007f'],
    ['with a line break at the end', 'a\n'],
  ])('count an order that is %s as none', (_, order) => {
    const events = [
      link('!bad:example.org', { via, order }, 1),
      link('!last:example.org', { via, order: 'z' }, 9),
    ]
    expect(keys(events)).toEqual(['!last:example.org', '!bad:example.org'])
  })

  it.each<[string, JsonObject]>([
    ['no servers', {}],
    ['one server as text', { via: 'example.org' }],
    ['servers that are no texts', { via: [5] }],
  ])('do not include links with %s', (_, content) => {
    expect(keys([link('!a:example.org', content)])).toEqual([])
  })

  it('are suggested only when it is said so by true', () => {
    const events = [
      link('!yes:example.org', { via, suggested: true }),
      link('!no:example.org', { via, suggested: false }),
      link('!text:example.org', { via, suggested: 'true' }),
    ]
    expect(keys(events, true)).toEqual(['!yes:example.org'])
  })
})
