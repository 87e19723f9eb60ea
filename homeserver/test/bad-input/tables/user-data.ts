import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#profiles, account data, tags and presence */
export async function userData({ alice, bob, room }: World): Promise<Table> {
  const me = encodeURIComponent(alice.userId)
  await alice.call('PUT', `/profile/${me}/displayname`, { displayname: 'Alice' })
  await alice.call('PUT', `/user/${me}/account_data/org.example.x`, { key: 'value' })
  await alice.call(
    'PUT',
    `/user/${me}/rooms/${encodeURIComponent(room)}/account_data/org.example.x`,
    { key: 'value' },
  )
  const path = { userId: alice.userId, roomId: room }
  const nobody = { path: { userId: '@nobody:hs' } }
  const others = { otherUser: '403 M_FORBIDDEN' }
  const field = { userId: alice.userId, keyName: 'displayname' }
  const data = { ...path, type: 'org.example.x' }
  const tag = { ...path, tag: 'u.work' }
  const keys: Row[] = [
    [
      'a key of 256 bytes',
      { path: { keyName: 'é'.repeat(128) }, raw: JSON.stringify({ ['é'.repeat(128)]: 1 }) },
      '400 M_KEY_TOO_LARGE',
    ],
  ]
  const contents: Row[] = [
    ['a type that only the server writes', { path: { type: 'm.fully_read' } }, '405 M_BAD_JSON'],
    ['NUL, which is kept', { raw: '{"s":"\\u0000"}' }, '200'],
    ['half a surrogate pair, which is kept', { raw: '{"s":"\\ud800"}' }, '200'],
    [
      'numbers without bounds, which are kept',
      { raw: '{"n":1e400,"f":1.50,"i":9007199254740993}' },
      '200',
    ],
    ['__proto__, which is kept', { raw: '{"__proto__":{"x":1}}' }, '200'],
  ]
  const tags: Row[] = [
    ['a tag of 256 bytes', { path: { tag: 'é'.repeat(128) } }, '400 M_INVALID_PARAM'],
    ['a tag called __proto__', { path: { tag: '__proto__' } }, '200'],
  ]
  return {
    getUserProfile: {
      good: { path: { userId: alice.userId } },
      otherUser: '200',
      rows: [['a user that does not exist', nobody, '404 M_NOT_FOUND']],
    },
    getProfileField: {
      good: { path: field },
      otherUser: '404 M_NOT_FOUND',
      rows: [
        ['a user that does not exist', nobody, '404 M_NOT_FOUND'],
        ['a field that is not there', { path: { keyName: 'org.example.none' } }, '404 M_NOT_FOUND'],
        ['a field called __proto__', { path: { keyName: '__proto__' } }, '404 M_NOT_FOUND'],
        ['a field called constructor', { path: { keyName: 'constructor' } }, '404 M_NOT_FOUND'],
      ],
    },
    setProfileField: {
      good: { as: alice, path: field, body: { displayname: 'Alice' } },
      ...others,
      rows: [
        ...keys,
        ['no value', { body: { displayname: undefined } }, '400 M_MISSING_PARAM'],
        ['a value of another field', { path: { keyName: 'avatar_url' } }, '400 M_MISSING_PARAM'],
        ['a number for a name', { body: { displayname: 7 } }, '400 M_BAD_JSON'],
        [
          'a name without end',
          { body: { displayname: 'x'.repeat(10_000) } },
          '400 M_INVALID_PARAM',
        ],
        [
          'a name that is half a surrogate pair',
          { raw: '{"displayname":"\\ud800"}' },
          '400 M_INVALID_PARAM',
        ],
        [
          'an avatar that is no MXC URI',
          { path: { keyName: 'avatar_url' }, body: { avatar_url: 'https://example.org/' } },
          '400 M_INVALID_PARAM',
        ],
        [
          'a value in the prototype',
          { path: { keyName: '__proto__' }, body: {} },
          '400 M_MISSING_PARAM',
        ],
        [
          'a profile that is too large',
          { path: { keyName: 'org.example.x' }, body: { 'org.example.x': 'x'.repeat(70_000) } },
          '400 M_PROFILE_TOO_LARGE',
        ],
      ],
    },
    deleteProfileField: {
      good: { as: alice, path: { ...field, keyName: 'org.example.x' } },
      ...others,
      rows: keys,
    },
    getAccountData: {
      good: { as: alice, path: data },
      ...others,
      rows: [['a type that is not there', { path: { type: '__proto__' } }, '404 M_NOT_FOUND']],
    },
    setAccountData: {
      good: { as: alice, path: data, body: { key: 'value' } },
      ...others,
      rows: contents,
    },
    getAccountDataPerRoom: {
      good: { as: alice, path: data },
      ...others,
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '404 M_NOT_FOUND',
      rows: [['a type that is not there', { path: { type: '__proto__' } }, '404 M_NOT_FOUND']],
    },
    setAccountDataPerRoom: {
      good: { as: alice, path: data, body: { key: 'value' } },
      ...others,
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '200',
      rows: contents,
    },
    getRoomTags: { good: { as: alice, path }, ...others, unknownRoom: '200', stranger: '200' },
    setRoomTag: {
      good: { as: alice, path: tag, body: { order: 0.5 } },
      ...others,
      unknownRoom: '404 M_NOT_FOUND',
      stranger: '200',
      rows: [
        ...tags,
        ['an order below nothing', { body: { order: -0.1 } }, '400 M_INVALID_PARAM'],
        ['an order above one', { body: { order: 1.1 } }, '400 M_INVALID_PARAM'],
        ['an order without bounds', { raw: '{"order":1e999}' }, '400 M_INVALID_PARAM'],
      ],
    },
    deleteRoomTag: {
      good: { as: alice, path: tag },
      ...others,
      unknownRoom: '200',
      stranger: '200',
      rows: tags,
    },
    getPresence: {
      good: { as: alice, path: { userId: bob.userId } },
      otherUser: '403 M_FORBIDDEN',
      rows: [['a user that does not exist', nobody, '403 M_FORBIDDEN']],
    },
    setPresence: {
      good: {
        as: alice,
        path: { userId: alice.userId },
        body: { presence: 'online', status_msg: 'x' },
      },
      ...others,
      rows: [
        ['a status without end', { body: { status_msg: 'x'.repeat(801) } }, '400 M_INVALID_PARAM'],
        ['a status with NUL', { body: { status_msg: 'a\0' } }, '400 M_INVALID_PARAM'],
      ],
    },
  }
}
