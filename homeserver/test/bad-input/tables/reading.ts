import type { Table } from '../row.ts'
import type { World } from '../world.ts'
import { FILTERS, limitRows } from './limits.ts'

/** Of `/sync` and of `/messages`; the stale one is of a time before the room. */
const PLACES = { sync: '200', stale: '200', page: '200', futurePage: '200' }

/** https://spec.matrix.org/v1.19/client-server-api/#getting-events-for-a-room */
export function reading({ alice, room, event, secret, secretEvent }: World): Table {
  const path = { roomId: room }
  const forbidden = { unknownRoom: '403 M_FORBIDDEN', stranger: '403 M_FORBIDDEN' }
  const hidden = { unknownRoom: '404 M_NOT_FOUND', stranger: '404 M_NOT_FOUND' }
  return {
    getOneRoomEvent: {
      good: { as: alice, path: { ...path, eventId: event } },
      ...hidden,
      otherRoom: '404 M_NOT_FOUND',
      rows: [
        [
          'an event of its own room, by somebody who is not in it',
          { path: { roomId: secret, eventId: secretEvent } },
          '404 M_NOT_FOUND',
        ],
      ],
    },
    getEventContext: {
      good: { as: alice, path: { ...path, eventId: event } },
      ...hidden,
      otherRoom: '404 M_NOT_FOUND',
      rows: [...limitRows('limit', '200'), ...FILTERS],
    },
    getOneEvent: {
      good: { as: alice, path: { eventId: event } },
      rows: [
        [
          'an event of a room that they are not in',
          { path: { eventId: secretEvent } },
          '404 M_NOT_FOUND',
        ],
      ],
    },
    getRoomEvents: {
      good: { as: alice, path, query: { dir: 'b' } },
      ...forbidden,
      tokens: {
        // nio sends an empty one for none
        from: { ...PLACES, empty: '200' },
        to: { ...PLACES, future: '200', otherHistory: '200' },
      },
      rows: [...limitRows('limit', '400 M_INVALID_PARAM'), ...FILTERS],
    },
    getEventByTimestamp: {
      good: { as: alice, path, query: { ts: '0', dir: 'f' } },
      ...forbidden,
      rows: [
        ['a time before all times', { query: { ts: '-999999999999999' } }, '200'],
        ['a time after all times', { query: { ts: '999999999999999' } }, '404 M_NOT_FOUND'],
      ],
    },
    getRoomState: { good: { as: alice, path }, ...forbidden },
    getRoomStateWithKey: {
      good: { as: alice, path: { ...path, eventType: 'm.room.create', stateKey: '' } },
      ...forbidden,
      rows: [
        [
          'a type that the room has not',
          { path: { eventType: 'org.example.none' } },
          '404 M_NOT_FOUND',
        ],
        ['a key that the room has not', { path: { stateKey: 'none' } }, '404 M_NOT_FOUND'],
        ['a type called __proto__', { path: { eventType: '__proto__' } }, '404 M_NOT_FOUND'],
        ['a key with slashes', { path: { stateKey: 'a/b/../c' } }, '404 M_NOT_FOUND'],
        ['a key without end', { path: { stateKey: 'x'.repeat(7000) } }, '404 M_NOT_FOUND'],
      ],
    },
    getMembersByRoom: { good: { as: alice, path }, ...forbidden, tokens: { at: PLACES } },
    getJoinedMembersByRoom: { good: { as: alice, path }, ...forbidden },
    roomInitialSync: { good: { as: alice, path }, ...forbidden },
    initialSync: { good: { as: alice }, rows: limitRows('limit', '200') },
    getNotifications: {
      good: { as: alice },
      tokens: { from: { notifications: '200' } },
      rows: limitRows('limit', '400 M_INVALID_PARAM'),
    },
  }
}
