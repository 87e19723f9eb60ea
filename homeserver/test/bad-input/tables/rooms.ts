import type { Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#creation and what is told of rooms from outside */
export async function rooms({ alice, bob, eve, room, secret }: World): Promise<Table> {
  const old = await alice.createRoom()
  const state = (content: unknown) => ({ body: { initial_state: [content] } })
  return {
    createRoom: {
      good: {
        as: alice,
        body: {
          name: 'A room',
          visibility: 'private',
          preset: 'private_chat',
          initial_state: [{ type: 'org.example.x', state_key: '', content: {} }],
        },
      },
      rows: [
        [
          'a room version that is none',
          { body: { room_version: '99' } },
          '400 M_UNSUPPORTED_ROOM_VERSION',
        ],
        [
          'a room version called __proto__',
          { body: { room_version: '__proto__' } },
          '400 M_UNSUPPORTED_ROOM_VERSION',
        ],
        ['a name that is half a surrogate pair', { raw: '{"name":"\\ud800"}' }, '400 M_BAD_JSON'],
        [
          'a topic of more than an event holds',
          { body: { topic: 'x'.repeat(70_000) } },
          '413 M_TOO_LARGE',
        ],
        ['a fraction in a content', { raw: '{"creation_content":{"x":1.5}}' }, '400 M_BAD_JSON'],
        [
          'an integer beyond 2^53',
          { raw: '{"creation_content":{"x":9007199254740993}}' },
          '400 M_BAD_JSON',
        ],
        ['an exponent', { raw: '{"creation_content":{"x":1e999}}' }, '400 M_BAD_JSON'],
        ['an alias with a colon', { body: { room_alias_name: 'a:b' } }, '400 M_INVALID_PARAM'],
        ['an alias with NUL', { body: { room_alias_name: 'a\0' } }, '400 M_INVALID_PARAM'],
        [
          'an alias of 256 bytes',
          { body: { room_alias_name: 'é'.repeat(128) } },
          '400 M_INVALID_PARAM',
        ],
        ['an invitation of nobody', { body: { invite: ['nonsense'] } }, '400 M_INVALID_PARAM'],
        [
          'an invitation by an address',
          { body: { invite_3pid: [{ medium: 'email' }] } },
          '403 M_SERVER_NOT_TRUSTED',
        ],
        [
          'power levels that are texts',
          { body: { power_level_content_override: { ban: '50' } } },
          '400 M_INVALID_ROOM_STATE',
        ],
        [
          'power levels of nobody',
          { body: { power_level_content_override: { users: { nonsense: 50 } } } },
          '400 M_INVALID_ROOM_STATE',
        ],
        ['state without a type', state({ content: {} }), '400 M_MISSING_PARAM'],
        ['state without content', state({ type: 'org.example.x' }), '400 M_MISSING_PARAM'],
        [
          'state whose content is a list',
          state({ type: 'org.example.x', content: [] }),
          '400 M_BAD_JSON',
        ],
        ['state with NUL in its type', state({ type: 'a\0', content: {} }), '400 M_INVALID_PARAM'],
        [
          'state with a key of 256 bytes',
          state({ type: 'x', state_key: 'é'.repeat(128), content: {} }),
          '413 M_TOO_LARGE',
        ],
        [
          'a second create event',
          state({ type: 'm.room.create', content: {} }),
          '400 M_INVALID_ROOM_STATE',
        ],
        [
          'the membership of somebody else',
          state({ type: 'm.room.member', state_key: bob.userId, content: { membership: 'join' } }),
          '400 M_INVALID_ROOM_STATE',
        ],
      ],
    },
    upgradeRoom: {
      good: {
        as: alice,
        path: { roomId: old },
        body: { new_version: '12', additional_creators: [] },
      },
      unknownRoom: '403 M_FORBIDDEN',
      stranger: '403 M_FORBIDDEN',
      rows: [
        ['a member without the power', { as: bob, path: { roomId: room } }, '403 M_FORBIDDEN'],
        [
          'a version that is none',
          { body: { new_version: '99' } },
          '400 M_UNSUPPORTED_ROOM_VERSION',
        ],
        [
          'a version called constructor',
          { body: { new_version: 'constructor' } },
          '400 M_UNSUPPORTED_ROOM_VERSION',
        ],
        [
          'a creator that is nobody',
          { body: { additional_creators: ['nonsense'] } },
          '400 M_INVALID_PARAM',
        ],
      ],
    },
    getRoomSummary: {
      good: { as: alice, path: { roomIdOrAlias: room } },
      rows: [
        ['a private room', { path: { roomIdOrAlias: secret } }, '404 M_NOT_FOUND'],
        [
          'a private room, by nobody',
          { as: null, path: { roomIdOrAlias: secret } },
          '404 M_NOT_FOUND',
        ],
        ['an alias of nothing', { path: { roomIdOrAlias: '#nothing:hs' } }, '404 M_NOT_FOUND'],
      ],
    },
    getSpaceHierarchy: {
      good: { as: alice, path: { roomId: room }, query: { limit: '1', max_depth: '1' } },
      unknownRoom: '403 M_FORBIDDEN',
      stranger: '200',
      tokens: { from: {} },
      rows: [
        ['a private room', { path: { roomId: secret } }, '403 M_FORBIDDEN'],
        ['a limit of nothing', { query: { limit: '0' } }, '400 M_INVALID_PARAM'],
        ['a limit below nothing', { query: { limit: '-1' } }, '400 M_INVALID_PARAM'],
        ['a limit without bounds', { query: { limit: '1000000000' } }, '200'],
        ['a depth below nothing', { query: { max_depth: '-1' } }, '400 M_INVALID_PARAM'],
        ['a depth without bounds', { query: { max_depth: '1000000000' } }, '200'],
      ],
    },
    getMutualRooms: {
      good: { as: alice, query: { user_id: bob.userId } },
      tokens: { from: { mutualRooms: '200' } },
      rows: [
        ['oneself', { query: { user_id: alice.userId } }, '400 M_INVALID_PARAM'],
        ['a user id that is none', { query: { user_id: 'nonsense' } }, '400 M_INVALID_PARAM'],
        ['somebody without a room in common', { query: { user_id: eve.userId } }, '200'],
      ],
    },
  }
}
