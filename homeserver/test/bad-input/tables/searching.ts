import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#server-side-search and the user directory */
export function searching({ alice, secret }: World): Table {
  const criteria = {
    search_term: 'x',
    keys: ['content.body'],
    filter: { limit: 1 },
    order_by: 'recent',
    event_context: { before_limit: 1, after_limit: 1, include_profile: false },
    groupings: { group_by: [] },
  }
  const asking = (change: Readonly<Record<string, unknown>>) => ({
    body: { search_categories: { room_events: { ...criteria, ...change } } },
  })
  const terms: Row[] = [
    ['an empty term', asking({ search_term: '' }), '200'],
    ['a term without end', asking({ search_term: 'x '.repeat(5000) }), '400 M_INVALID_PARAM'],
    ['a term with NUL', asking({ search_term: 'a\0b' }), '200'],
    ['a term that is half a surrogate pair', asking({ search_term: '\ud800' }), '200'],
    ['a term of wildcards', asking({ search_term: `${'%_*?'.repeat(200)}` }), '200'],
    [
      'a term in the language of the database',
      asking({ search_term: `' & ! | <-> ( :* \\` }),
      '200',
    ],
  ]
  return {
    search: {
      good: { as: alice, ...asking({}) },
      tokens: { next_batch: { search: '200' } },
      rows: [
        ...terms,
        ['a room that they are not in', asking({ filter: { rooms: [secret] } }), '200'],
        ['a room that is none', asking({ filter: { rooms: ['nonsense'] } }), '400 M_INVALID_PARAM'],
        [
          'a sender that is none',
          asking({ filter: { senders: ['nonsense'] } }),
          '400 M_INVALID_PARAM',
        ],
        ['a limit of nothing', asking({ filter: { limit: 0 } }), '400 M_INVALID_PARAM'],
        ['a limit below nothing', asking({ filter: { limit: -1 } }), '400 M_INVALID_PARAM'],
        ['a limit without bounds', asking({ filter: { limit: 1_000_000_000 } }), '200'],
        [
          'a context below nothing',
          asking({ event_context: { before_limit: -1 } }),
          '400 M_INVALID_PARAM',
        ],
        ['a context without bounds', asking({ event_context: { after_limit: 2 ** 52 } }), '200'],
        [
          'a group of no known key',
          asking({ groupings: { group_by: [{ key: '__proto__' }] } }),
          '400 M_INVALID_PARAM',
        ],
        [
          'a key that is searched nowhere',
          asking({ keys: ['content.__proto__'] }),
          '400 M_INVALID_PARAM',
        ],
        [
          'types that are a glob bomb',
          asking({ filter: { types: [`${'*a'.repeat(1000)}b`] } }),
          '200',
        ],
        ['a type with NUL', asking({ filter: { types: ['a\0b'] } }), '200'],
        [
          'a type that is half a surrogate pair',
          asking({ filter: { not_types: ['\ud800'] } }),
          '200',
        ],
      ],
    },
    searchUserDirectory: {
      good: { as: alice, body: { search_term: 'x', limit: 1 } },
      rows: [
        ['an empty term', { body: { search_term: '' } }, '200'],
        ['a term with NUL', { body: { search_term: 'a\0b' } }, '200'],
        ['a term that is half a surrogate pair', { raw: '{"search_term":"\\ud800"}' }, '200'],
        ['a term without end', { body: { search_term: 'x'.repeat(100_000) } }, '200'],
        ['a term of wildcards', { body: { search_term: '%_\\'.repeat(100) } }, '200'],
        ['a limit of nothing', { body: { limit: 0 } }, '400 M_INVALID_PARAM'],
        ['a limit below nothing', { body: { limit: -1 } }, '400 M_INVALID_PARAM'],
        ['a limit without bounds', { body: { limit: 1_000_000_000 } }, '200'],
      ],
    },
  }
}
