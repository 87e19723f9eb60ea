import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#reporting-content */
export function reporting({ alice, bob, room, event }: World): Table {
  const body = { reason: 'x' }
  const reasons: Row[] = [
    ['a reason with NUL', { body: { reason: 'a\0' } }, '400 M_INVALID_PARAM'],
    [
      'a reason that is half a surrogate pair',
      { raw: '{"reason":"\\ud800"}' },
      '400 M_INVALID_PARAM',
    ],
  ]
  return {
    reportRoom: {
      good: { as: alice, path: { roomId: room }, body },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '200',
      rows: reasons,
    },
    reportEvent: {
      good: { as: alice, path: { roomId: room, eventId: event }, body },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '404 M_NOT_FOUND',
      otherRoom: '404 M_NOT_FOUND',
      rows: reasons,
    },
    reportUser: {
      good: { as: alice, path: { userId: bob.userId }, body },
      otherUser: '200',
      rows: [
        ...reasons,
        ['a user that does not exist', { path: { userId: '@nobody:hs' } }, '404 M_NOT_FOUND'],
      ],
    },
  }
}
