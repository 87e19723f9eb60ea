import { ok, text } from '../../harness/user.ts'
import type { Row, Table } from '../row.ts'
import { UNKNOWN_ROOM, type World } from '../world.ts'

/** The part of a filter that `/sync` has for the timeline. */
const timeline = (part: unknown) => ({
  query: { filter: JSON.stringify({ room: { timeline: part } }) },
})

/** https://spec.matrix.org/v1.19/client-server-api/#syncing and filters */
export async function syncing({ alice, bob, room, secret }: World): Promise<Table> {
  const path = { userId: alice.userId }
  const theirs = `/user/${encodeURIComponent(bob.userId)}/filter`
  const foreign = text(ok(await bob.call('POST', theirs, { event_fields: ['type'] })), 'filter_id')
  const filterId = text(
    ok(await alice.call('POST', `/user/${encodeURIComponent(alice.userId)}/filter`, {})),
    'filter_id',
  )
  const ids: Row[] = ['nonsense', '-1', '1e3', '0x1', '9'.repeat(30), '__proto__', 'a/../b'].map(
    (id) => [`the id ${JSON.stringify(id)}`, { path: { filterId: id } }, '404 M_NOT_FOUND'],
  )
  const limits: Row[] = [
    ['a timeline below nothing', timeline({ limit: -1 }), '400 M_INVALID_PARAM'],
    ['half an event', timeline({ limit: 1.5 }), '400 M_INVALID_PARAM'],
    ['a thousand million events', timeline({ limit: 1_000_000_000 }), '200'],
    ['types that are a glob bomb', timeline({ types: [`${'*a'.repeat(1000)}b`] }), '200'],
    ['a type with NUL', timeline({ types: ['a\0b'] }), '200'],
    ['a sender that is none', timeline({ senders: ['nonsense'] }), '400 M_INVALID_PARAM'],
  ]
  return {
    sync: {
      good: { as: alice, query: { timeout: '0' } },
      tokens: {
        // what is of no use any more begins anew
        since: { sync: '200', stale: '200', future: '200', otherHistory: '200', empty: '200' },
      },
      rows: [
        ...limits,
        ['a filter of somebody else', { query: { filter: foreign } }, '400 M_INVALID_PARAM'],
        ['a filter that nobody made', { query: { filter: '123456789' } }, '400 M_INVALID_PARAM'],
        ['a filter that is no JSON', { query: { filter: '{"room":' } }, '400 M_INVALID_PARAM'],
        [
          'a filter that is nested too deeply',
          { query: { filter: `{"room":${'['.repeat(600)}${']'.repeat(600)}}` } },
          '400 M_INVALID_PARAM',
        ],
        ['a time below nothing', { query: { timeout: '-1' } }, '200'],
      ],
    },
    getEvents: {
      good: { as: alice, query: { timeout: '0' } },
      tokens: { from: { sync: '200', stale: '200' } },
      rows: [['a time below nothing', { query: { timeout: '-1' } }, '400 M_INVALID_PARAM']],
    },
    peekEvents: {
      good: { as: alice, query: { timeout: '0', room_id: room } },
      tokens: { from: { sync: '200', stale: '200' } },
      rows: [
        ['a room that they are not in', { query: { room_id: secret } }, '403 M_FORBIDDEN'],
        ['a room that nobody knows', { query: { room_id: UNKNOWN_ROOM } }, '403 M_FORBIDDEN'],
        ['a room that is none', { query: { room_id: 'nonsense' } }, '400 M_INVALID_PARAM'],
      ],
      // without it, this is the other operation of the route
      except: { 'query without room_id': '200' },
    },
    defineFilter: {
      good: { as: alice, path, body: { room: { timeline: { limit: 1 } } } },
      otherUser: '403 M_FORBIDDEN',
      rows: [
        [
          'a timeline below nothing',
          { body: { room: { timeline: { limit: -1 } } } },
          '400 M_INVALID_PARAM',
        ],
        ['a room that is none', { body: { room: { rooms: ['nonsense'] } } }, '400 M_INVALID_PARAM'],
        [
          'a sender that is none',
          { body: { presence: { senders: ['nonsense'] } } },
          '400 M_INVALID_PARAM',
        ],
        ['NUL, which is kept', { body: { event_fields: ['a\0b'] } }, '200'],
        ['half a surrogate pair', { raw: '{"event_fields":["\\ud800"]}' }, '200'],
        ['__proto__, which is kept', { raw: '{"__proto__":{"x":1}}' }, '200'],
      ],
    },
    getFilter: {
      good: { as: alice, path: { ...path, filterId } },
      otherUser: '403 M_FORBIDDEN',
      rows: [
        ...ids,
        ['a filter of somebody else', { path: { filterId: foreign } }, '404 M_NOT_FOUND'],
      ],
    },
  }
}
