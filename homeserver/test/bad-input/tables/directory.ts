import { TEST_SERVER_NAME } from '../../harness/database.ts'
import { ok } from '../../harness/user.ts'
import type { Table } from '../row.ts'
import { UNKNOWN_ROOM, type World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#room-aliases and the rooms that are published */
export async function directory({ alice, bob, room, secret }: World): Promise<Table> {
  const alias = (name: string) => `#${name}:${TEST_SERVER_NAME}`
  const [taken, ours] = [alias('taken'), alias('ours')]
  for (const name of [taken, ours]) {
    ok(await alice.call('PUT', `/directory/room/${encodeURIComponent(name)}`, { room_id: room }))
  }
  return {
    setRoomAlias: {
      good: { as: alice, path: { roomAlias: alias('free') }, body: { room_id: room } },
      rows: [
        ['an alias that is taken', { path: { roomAlias: taken } }, '409 M_UNKNOWN'],
        [
          'an alias of another server',
          { path: { roomAlias: '#a:example.org' } },
          '400 M_INVALID_PARAM',
        ],
        ['a room id that is none', { body: { room_id: 'nonsense' } }, '400 M_INVALID_PARAM'],
        ['a room that nobody knows', { body: { room_id: UNKNOWN_ROOM } }, '403 M_FORBIDDEN'],
        ['a room that they are not in', { body: { room_id: secret } }, '403 M_FORBIDDEN'],
      ],
    },
    getRoomIdByAlias: {
      good: { path: { roomAlias: taken } },
      rows: [['an alias of nothing', { path: { roomAlias: alias('nothing') } }, '404 M_NOT_FOUND']],
    },
    deleteRoomAlias: {
      good: { as: alice, path: { roomAlias: ours } },
      rows: [
        ['an alias of nothing', { path: { roomAlias: alias('nothing') } }, '404 M_NOT_FOUND'],
        ['an alias of somebody else', { as: bob }, '403 M_FORBIDDEN'],
        [
          'an alias of another server',
          { path: { roomAlias: '#a:example.org' } },
          '404 M_NOT_FOUND',
        ],
      ],
    },
    getLocalAliases: {
      good: { as: alice, path: { roomId: room } },
      unknownRoom: '403 M_FORBIDDEN',
      stranger: '403 M_FORBIDDEN',
    },
    getRoomVisibilityOnDirectory: {
      good: { path: { roomId: room } },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '200',
    },
    setRoomVisibilityOnDirectory: {
      good: { as: alice, path: { roomId: room }, body: { visibility: 'private' } },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '403 M_FORBIDDEN',
      rows: [['a member without the power', { as: bob }, '403 M_FORBIDDEN']],
    },
    getPublicRooms: {
      good: { query: { limit: '1' } },
      tokens: { since: { publicRooms: '200' } },
      rows: [
        ['a limit below nothing', { query: { limit: '-1' } }, '400 M_INVALID_PARAM'],
        ['a limit without bounds', { query: { limit: '1000000000' } }, '200'],
        ['another server', { query: { server: 'example.org' } }, '403 M_FORBIDDEN'],
        ['a server that is none', { query: { server: 'ex ample' } }, '400 M_INVALID_PARAM'],
      ],
    },
    queryPublicRooms: {
      good: {
        as: alice,
        body: { limit: 1, filter: { generic_search_term: 'x', room_types: [null] } },
      },
      tokens: { since: { publicRooms: '200' } },
      rows: [
        ['a limit below nothing', { body: { limit: -1 } }, '400 M_INVALID_PARAM'],
        ['a limit without bounds', { body: { limit: 1_000_000_000 } }, '200'],
        ['a term with NUL', { body: { filter: { generic_search_term: 'a\0' } } }, '200'],
        [
          'a term of wildcards',
          { body: { filter: { generic_search_term: '%_'.repeat(5000) } } },
          '200',
        ],
        ['half a surrogate pair', { raw: '{"filter":{"generic_search_term":"\\ud800"}}' }, '200'],
        ['a type with NUL', { body: { filter: { room_types: ['a\0'] } } }, '400 M_INVALID_PARAM'],
        ['a server that is none', { query: { server: 'ex ample' } }, '400 M_INVALID_PARAM'],
        [
          'networks that exclude each other',
          { body: { include_all_networks: true, third_party_instance_id: 'x' } },
          '400 M_INVALID_PARAM',
        ],
      ],
      // clients say so that they ask for no filter
      except: {
        'body filter.generic_search_term that is null': '200',
        'body filter.room_types that is null': '200',
      },
    },
  }
}
