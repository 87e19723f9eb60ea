import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#server-administration */
export function serverAdministration({ admin, alice, bob }: World): Table {
  const path = { userId: bob.userId }
  const rows: Row[] = [
    ['somebody who is no administrator', { as: alice }, '403 M_FORBIDDEN'],
    [
      'a user that does not exist',
      { path: { userId: bob.userId.replace('bob', 'nobody') } },
      '404 M_NOT_FOUND',
    ],
    ['a user of another server', { path: { userId: '@bob:example.org' } }, '400 M_INVALID_PARAM'],
  ]
  const others = { otherUser: '200' }
  return {
    getAdminLockUser: { good: { as: admin, path }, rows, ...others },
    getAdminSuspendUser: { good: { as: admin, path }, rows, ...others },
    setAdminLockUser: {
      good: { as: admin, path, body: { locked: false } },
      ...others,
      rows: [...rows, ['oneself', { path: { userId: admin.userId } }, '403 M_FORBIDDEN']],
    },
    setAdminSuspendUser: {
      good: { as: admin, path, body: { suspended: false } },
      ...others,
      rows: [...rows, ['oneself', { path: { userId: admin.userId } }, '403 M_FORBIDDEN']],
    },
    getWhoIs: {
      good: { as: bob, path },
      otherUser: '403 M_FORBIDDEN',
      rows: [
        [
          'a user that does not exist',
          { as: admin, path: { userId: '@nobody:hs' } },
          '404 M_NOT_FOUND',
        ],
      ],
    },
  }
}
