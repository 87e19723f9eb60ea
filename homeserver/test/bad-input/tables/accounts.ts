import { ok } from '../../harness/user.ts'
import { restriction } from '../../server-administration/admin.ts'
import { passwordAuth } from '../password-auth.ts'
import type { Table } from '../row.ts'
import type { World } from '../world.ts'

const DUMMY = { type: 'm.login.dummy' }

/** https://spec.matrix.org/v1.19/client-server-api/#account-registration-and-management */
export async function accounts({ server, admin, alice }: World): Promise<Table> {
  const [forgetful, leaving, locked] = [
    await server.user('forgetful'),
    await server.user('leaving'),
    await server.user('locked'),
  ]
  ok(await restriction(admin, 'lock', locked.userId, { locked: true }))
  return {
    register: {
      good: {
        query: { kind: 'user' },
        body: { username: 'new', password: 'a password', auth: DUMMY },
      },
      rows: [
        ['a name that is taken', { body: { username: 'alice' } }, '400 M_USER_IN_USE'],
        [
          'a name that is taken in other letters',
          { body: { username: 'ALICE' } },
          '400 M_USER_IN_USE',
        ],
        ['a name with a colon', { body: { username: 'a:b' } }, '400 M_INVALID_USERNAME'],
        ['a name of look-alikes', { body: { username: 'аlice' } }, '400 M_INVALID_USERNAME'],
        ['a name with NUL', { body: { username: 'a\0' } }, '400 M_INVALID_PARAM'],
        ['a name of 256 bytes', { body: { username: 'n'.repeat(256) } }, '400 M_INVALID_USERNAME'],
        ['an empty name', { body: { username: '' } }, '400 M_INVALID_USERNAME'],
        ['a weak password', { body: { password: 'short' } }, '400 M_WEAK_PASSWORD'],
        ['no password', { body: { password: undefined } }, '400 M_MISSING_PARAM'],
        ['a device id with NUL', { body: { device_id: 'a\0' } }, '400 M_INVALID_PARAM'],
        [
          'a device id of 256 bytes',
          { body: { device_id: 'D'.repeat(256) } },
          '400 M_INVALID_PARAM',
        ],
        [
          'a device name without end',
          { body: { initial_device_display_name: 'x'.repeat(257) } },
          '400 M_INVALID_PARAM',
        ],
        ['no stage', { body: { auth: undefined } }, '401'],
        ['a stage that is not offered', { body: { auth: { type: 'm.login.msisdn' } } }, '401'],
        [
          'a session that nobody began',
          { body: { auth: { ...DUMMY, session: 'nonsense' } } },
          '401 M_FORBIDDEN',
        ],
        [
          'a stage called __proto__',
          { raw: '{"username":"x","password":"a password","auth":{"type":"__proto__"}}' },
          '401',
        ],
      ],
    },
    checkUsernameAvailability: {
      good: { query: { username: 'free' } },
      rows: [
        ['a name that is taken', { query: { username: 'alice' } }, '400 M_USER_IN_USE'],
        ['a whole id', { query: { username: '@alice:hs' } }, '400 M_INVALID_USERNAME'],
        ['an empty name', { query: { username: '' } }, '400 M_INVALID_USERNAME'],
      ],
    },
    registrationTokenValidity: { good: { query: { token: 'x' } } },
    changePassword: {
      good: {
        as: forgetful,
        body: {
          new_password: 'a new password',
          logout_devices: false,
          auth: passwordAuth(forgetful),
        },
      },
      rows: [
        ['a weak password', { body: { new_password: 'short' } }, '400 M_WEAK_PASSWORD'],
        ['no proof', { body: { auth: undefined } }, '401'],
        ['a wrong proof', { body: { auth: passwordAuth(forgetful, 'wrong') } }, '401 M_FORBIDDEN'],
        ['the proof of somebody else', { body: { auth: passwordAuth(alice) } }, '403 M_FORBIDDEN'],
      ],
    },
    deactivateAccount: {
      good: { as: leaving, body: { erase: false, auth: passwordAuth(leaving) } },
      rows: [
        ['no proof', { body: { auth: undefined } }, '401'],
        ['a wrong proof', { body: { auth: passwordAuth(leaving, 'wrong') } }, '401 M_FORBIDDEN'],
        ['the proof of somebody else', { body: { auth: passwordAuth(alice) } }, '403 M_FORBIDDEN'],
      ],
    },
    getCapabilities: { good: { as: alice } },
    getTokenOwner: {
      good: { as: alice },
      rows: [['somebody who is locked out', { as: locked }, '401 M_USER_LOCKED']],
    },
  }
}
