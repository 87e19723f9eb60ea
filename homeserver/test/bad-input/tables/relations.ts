import type { Spoiled, Table } from '../row.ts'
import type { World } from '../world.ts'
import { limitRows } from './limits.ts'

/** Of `/sync` and of `/messages`; the stale one is of a time before the room. */
const PLACES = { sync: '200', stale: '200', page: '200', futurePage: '200' }

/** https://spec.matrix.org/v1.19/client-server-api/#relationships-api and threads */
export function relations({ alice, room, event }: World): Table {
  const path = { roomId: room, eventId: event }
  const rows = limitRows('limit', '400 M_INVALID_PARAM')
  const about = (more: Readonly<Record<string, string>>): Spoiled => ({
    good: { as: alice, path: { ...path, ...more } },
    unknownRoom: '404 M_NOT_FOUND',
    stranger: '404 M_NOT_FOUND',
    otherRoom: '404 M_NOT_FOUND',
    tokens: { from: PLACES, to: { ...PLACES, future: '200', otherHistory: '200' } },
    rows,
  })
  return {
    getRelatingEvents: about({}),
    getRelatingEventsWithRelType: about({ relType: 'm.thread' }),
    getRelatingEventsWithRelTypeAndEventType: about({
      relType: '__proto__',
      eventType: '__proto__',
    }),
    getThreadRoots: {
      good: { as: alice, path: { roomId: room } },
      unknownRoom: '403 M_FORBIDDEN',
      stranger: '403 M_FORBIDDEN',
      tokens: { from: { page: '200', futurePage: '200' } },
      rows,
    },
  }
}
