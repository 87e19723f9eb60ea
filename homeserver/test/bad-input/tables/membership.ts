import { ok } from '../../harness/user.ts'
import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#room-membership */
export async function membership(world: World): Promise<Table> {
  const { server, alice, bob, eve, admin, room, secret } = world
  const [guest, banned, barred] = [
    await server.user('removed'),
    await server.user('banned'),
    await server.user('barred'),
  ]
  const left = await alice.createRoom()
  const mine = await alice.createRoom({ preset: 'public_chat', invite: [banned.userId] })
  const knockable = await alice.createRoom({
    initial_state: [{ type: 'm.room.join_rules', content: { join_rule: 'knock' } }],
  })
  await guest.join(mine)
  await banned.join(mine)
  await alice.leave(left)
  ok(await alice.call('POST', `/rooms/${encodeURIComponent(mine)}/ban`, { user_id: barred.userId }))
  const here = { roomId: mine }
  const targets = (userId: string): Row[] => [
    ['a user id that is none', { body: { user_id: 'nonsense' } }, '400 M_INVALID_PARAM'],
    [
      'a user id of 256 bytes',
      { body: { user_id: `@${'é'.repeat(122)}:hs.test.org` } },
      '400 M_INVALID_PARAM',
    ],
    [
      'a reason of more than an event holds',
      { body: { reason: 'x'.repeat(70_000) } },
      '413 M_TOO_LARGE',
    ],
    [
      'a reason that is half a surrogate pair',
      { raw: JSON.stringify({ user_id: userId, reason: '\ud800' }) },
      '400 M_BAD_JSON',
    ],
  ]
  const powerless: Row = [
    'a member without the power',
    { as: bob, path: { roomId: room }, body: { user_id: alice.userId } },
    '403 M_FORBIDDEN',
  ]
  // not looked at where nothing changes
  const proof = { sender: alice.userId, mxid: bob.userId, token: 'x', signatures: {} }
  const forbidden = { unknownRoom: '403 M_FORBIDDEN', stranger: '403 M_FORBIDDEN' }
  const byAddress = { address: 'x@example.org', medium: 'email' }
  const rooms: Row[] = [
    ['a private room', { path: { roomIdOrAlias: secret } }, '403 M_FORBIDDEN'],
    [
      'a room that nobody knows',
      { path: { roomIdOrAlias: `!${'r'.repeat(43)}` } },
      '404 M_NOT_FOUND',
    ],
    ['an alias of nothing', { path: { roomIdOrAlias: '#nothing:hs' } }, '404 M_NOT_FOUND'],
  ]
  return {
    inviteUser: {
      good: { as: alice, path: here, body: { user_id: eve.userId } },
      ...forbidden,
      rows: [
        ...targets(eve.userId),
        ['somebody who is in the room', { body: { user_id: guest.userId } }, '403 M_FORBIDDEN'],
        ['a user of another server', { body: { user_id: '@bob:example.org' } }, '403 M_FORBIDDEN'],
        ['an address', { body: { ...byAddress, user_id: undefined } }, '403 M_SERVER_NOT_TRUSTED'],
      ],
    },
    joinRoom: {
      good: { as: bob, path: { roomIdOrAlias: room }, body: { third_party_signed: proof } },
      rows: [
        ...rooms,
        [
          'a proof that is none',
          { path: { roomIdOrAlias: secret }, body: { third_party_signed: { sender: undefined } } },
          '400 M_MISSING_PARAM',
        ],
      ],
    },
    joinRoomById: {
      good: { as: bob, path: { roomId: room }, body: { third_party_signed: proof } },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '403 M_FORBIDDEN',
      rows: [['a private room', { path: { roomId: secret } }, '403 M_FORBIDDEN']],
    },
    knockRoom: {
      good: { as: bob, path: { roomIdOrAlias: knockable }, body: { reason: 'please' } },
      rows: [
        ...rooms,
        [
          'a reason of more than an event holds',
          { body: { reason: 'x'.repeat(70_000) } },
          '413 M_TOO_LARGE',
        ],
      ],
    },
    leaveRoom: {
      good: { as: bob, path: { roomId: room }, body: {} },
      ...forbidden,
      unknownRoom: '404 M_NOT_FOUND',
      rows: [
        [
          'a reason of more than an event holds',
          { body: { reason: 'x'.repeat(70_000) } },
          '413 M_TOO_LARGE',
        ],
      ],
    },
    forgetRoom: {
      good: { as: alice, path: { roomId: left } },
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '404 M_NOT_FOUND',
      rows: [['a room that they are in', { path: here }, '400 M_UNKNOWN']],
    },
    kick: {
      good: { as: alice, path: here, body: { user_id: guest.userId } },
      ...forbidden,
      rows: [
        ...targets(guest.userId),
        powerless,
        [
          'a target that is not in the room',
          { body: { user_id: admin.userId } },
          '403 M_FORBIDDEN',
        ],
      ],
    },
    ban: {
      good: { as: alice, path: here, body: { user_id: banned.userId } },
      ...forbidden,
      rows: [...targets(banned.userId), powerless],
    },
    unban: {
      good: { as: alice, path: here, body: { user_id: barred.userId } },
      ...forbidden,
      rows: [
        ...targets(barred.userId),
        powerless,
        ['somebody who is not banned', { body: { user_id: bob.userId } }, '403 M_BAD_STATE'],
      ],
    },
    getJoinedRooms: { good: { as: alice } },
  }
}
