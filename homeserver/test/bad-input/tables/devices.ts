import { passwordAuth } from '../password-auth.ts'
import type { Table } from '../row.ts'
import type { World } from '../world.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#device-management and what is sent to devices */
export async function devices({ alice, bob, eve }: World): Promise<Table> {
  const [{ deviceId }, second] = [await alice.otherDevice(), await alice.otherDevice()]
  const foreign = { path: { deviceId: bob.deviceId } }
  return {
    getDevices: { good: { as: alice } },
    getDevice: {
      good: { as: alice, path: { deviceId } },
      rows: [
        ['a device of somebody else', foreign, '404 M_NOT_FOUND'],
        ['no device', { path: { deviceId: 'NONE' } }, '404 M_NOT_FOUND'],
        ['an id of 256 bytes', { path: { deviceId: 'é'.repeat(128) } }, '400 M_INVALID_PARAM'],
        ['an id with slashes', { path: { deviceId: 'a/../b' } }, '404 M_NOT_FOUND'],
      ],
    },
    updateDevice: {
      good: { as: alice, path: { deviceId }, body: { display_name: 'Phone' } },
      rows: [
        ['a device of somebody else', foreign, '404 M_NOT_FOUND'],
        ['no device', { path: { deviceId: 'NONE' } }, '404 M_NOT_FOUND'],
        ['a name without end', { body: { display_name: 'x'.repeat(257) } }, '400 M_INVALID_PARAM'],
        ['a name with NUL', { body: { display_name: 'a\0' } }, '400 M_INVALID_PARAM'],
        ['half a surrogate pair', { raw: '{"display_name":"\\ud800"}' }, '400 M_INVALID_PARAM'],
      ],
    },
    deleteDevice: {
      good: {
        as: alice,
        path: { deviceId: second.deviceId },
        body: { auth: passwordAuth(alice) },
      },
      rows: [
        ['no proof', { body: { auth: undefined } }, '401'],
        ['a wrong proof', { body: { auth: passwordAuth(alice, 'wrong') } }, '401 M_FORBIDDEN'],
        ['the proof of somebody else', { body: { auth: passwordAuth(bob) } }, '403 M_FORBIDDEN'],
      ],
    },
    deleteDevices: {
      good: { as: eve, body: { devices: ['NONE'], auth: passwordAuth(eve) } },
      rows: [
        ['no proof', { body: { auth: undefined } }, '401'],
        ['the proof of somebody else', { body: { auth: passwordAuth(bob) } }, '403 M_FORBIDDEN'],
        ['a device id with NUL', { body: { devices: ['a\0'] } }, '400 M_INVALID_PARAM'],
      ],
    },
    sendToDevice: {
      good: {
        as: alice,
        path: { eventType: 'org.example.x', txnId: 'good' },
        body: { messages: { [bob.userId]: { '*': { key: 'value' } } } },
      },
      rows: [
        [
          'a user id that is none',
          { body: { messages: { nonsense: { '*': {} } } } },
          '400 M_BAD_JSON',
        ],
        ['devices that are a list', { body: { messages: { [bob.userId]: [] } } }, '400 M_BAD_JSON'],
        [
          'a content that is a text',
          { body: { messages: { [bob.userId]: { '*': 'x' } } } },
          '400 M_BAD_JSON',
        ],
        [
          'a user called __proto__',
          { raw: '{"messages":{"__proto__":{"*":{}}}}' },
          '400 M_BAD_JSON',
        ],
        ['a type of 256 bytes', { path: { eventType: 'é'.repeat(128), txnId: 'long' } }, '200'],
      ],
    },
    requestOpenIdToken: {
      good: { as: alice, path: { userId: alice.userId }, body: {} },
      otherUser: '403 M_FORBIDDEN',
    },
  }
}
