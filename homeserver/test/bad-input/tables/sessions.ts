import { at, ok, text } from '../../harness/user.ts'
import { passwordAuth } from '../password-auth.ts'
import type { Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#login */
export async function sessions({ server, alice, bob }: World): Promise<Table> {
  const identifier = { type: 'm.id.user', user: alice.userId }
  const login = { type: 'm.login.password', identifier, password: 'a password' }
  const refreshable = ok(
    await server.request('POST', '/_matrix/client/v3/login', {
      body: { ...login, refresh_token: true },
    }),
  )
  return {
    getLoginFlows: { good: {} },
    login: {
      good: { body: login },
      rows: [
        ['a wrong password', { body: { password: 'wrong' } }, '403 M_FORBIDDEN'],
        ['a password with NUL', { body: { password: 'a\0b' } }, '403 M_FORBIDDEN'],
        ['no password', { body: { password: undefined } }, '400 M_MISSING_PARAM'],
        ['nobody', { body: { identifier: undefined } }, '400 M_MISSING_PARAM'],
        [
          'a user that does not exist',
          { body: { identifier: { ...identifier, user: 'nobody' } } },
          '403 M_FORBIDDEN',
        ],
        [
          'a user of another server',
          { body: { identifier: { ...identifier, user: '@alice:example.org' } } },
          '403 M_FORBIDDEN',
        ],
        [
          'a user with NUL',
          { body: { identifier: { ...identifier, user: 'a\0' } } },
          '403 M_FORBIDDEN',
        ],
        [
          'a user that is half a surrogate pair',
          { body: { identifier: { ...identifier, user: '\ud800' } } },
          '403 M_FORBIDDEN',
        ],
        [
          'a user of a million letters',
          { body: { identifier: { ...identifier, user: 'a'.repeat(1_000_000) } } },
          '403 M_FORBIDDEN',
        ],
        ['an unknown kind of login', { body: { type: 'm.login.nonsense' } }, '400 M_UNKNOWN'],
        ['a kind called __proto__', { body: { type: '__proto__' } }, '400 M_UNKNOWN'],
        [
          'a login token of nobody',
          { body: { type: 'm.login.token', token: 'nonsense' } },
          '403 M_FORBIDDEN',
        ],
        [
          'an access token for a login token',
          { body: { type: 'm.login.token', token: alice.token } },
          '403 M_FORBIDDEN',
        ],
        ['an empty device id', { body: { device_id: '' } }, '400 M_INVALID_PARAM'],
        ['a device id with NUL', { body: { device_id: 'a\0' } }, '400 M_INVALID_PARAM'],
      ],
    },
    generateLoginToken: {
      good: { as: alice, body: { auth: passwordAuth(alice) } },
      rows: [
        ['no proof', { body: { auth: undefined } }, '401'],
        ['the proof of somebody else', { body: { auth: passwordAuth(bob) } }, '403 M_FORBIDDEN'],
      ],
    },
    refresh: {
      good: { body: { refresh_token: text(refreshable, 'refresh_token') } },
      rows: [
        ['a token of nobody', { body: { refresh_token: 'nonsense' } }, '401 M_UNKNOWN_TOKEN'],
        [
          'an access token',
          { body: { refresh_token: String(at(refreshable, 'access_token')) } },
          '401 M_UNKNOWN_TOKEN',
        ],
        ['a token with NUL', { body: { refresh_token: 'a\0' } }, '401 M_UNKNOWN_TOKEN'],
      ],
    },
    logout: { good: { as: await alice.otherDevice() } },
    logout_all: { good: { as: await server.user('everywhere') } },
    getVersions: { good: {} },
    getWellknown: { good: {} },
    getWellknownSupport: { good: {} },
  }
}
