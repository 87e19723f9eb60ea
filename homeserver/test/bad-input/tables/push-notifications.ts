import { ok } from '../../harness/user.ts'
import type { Row, Table } from '../row.ts'
import type { World } from '../world.ts'

const BOMB = `${'*a'.repeat(1000)}b`

/** https://spec.matrix.org/v1.19/client-server-api/#push-notifications */
export async function pushNotifications({ alice, bob }: World): Promise<Table> {
  const rule = {
    actions: ['notify'],
    conditions: [{ kind: 'event_match', key: 'type', pattern: 'x' }],
  }
  ok(await alice.call('PUT', '/pushrules/global/override/mine', rule))
  ok(await alice.call('PUT', '/pushrules/global/override/old', rule))
  ok(await bob.call('PUT', '/pushrules/global/override/theirs', rule))
  const path = { kind: 'override', ruleId: 'mine' }
  const lookedUp = { except: { 'kind of no known value': '404 M_NOT_FOUND' } }
  const rules: Row[] = [
    ['a rule of somebody else', { path: { ruleId: 'theirs' } }, '404 M_NOT_FOUND'],
    ['a rule that is not there', { path: { ruleId: '__proto__' } }, '404 M_NOT_FOUND'],
    ['a kind called constructor', { path: { kind: 'constructor' } }, '404 M_NOT_FOUND'],
    [
      'a rule with half a surrogate pair, escaped',
      { path: { ruleId: '%ed%a0%80' } },
      '404 M_NOT_FOUND',
    ],
  ]
  const actions: Row[] = [
    ['an action that is none', { body: { actions: ['nonsense'] } }, '400 M_INVALID_PARAM'],
    ['an action without a tweak', { body: { actions: [{}] } }, '400 M_INVALID_PARAM'],
    ['a tweak that is a number', { body: { actions: [{ set_tweak: 7 }] } }, '400 M_INVALID_PARAM'],
    [
      'a tweak in the prototype',
      { raw: '{"actions":[{"__proto__":{"set_tweak":"sound"}}]}' },
      '400 M_INVALID_PARAM',
    ],
  ]
  const made = { ...path, ruleId: 'made' }
  const pusher = {
    pushkey: 'key',
    kind: 'http',
    app_id: 'org.example',
    app_display_name: 'App',
    device_display_name: 'Device',
    lang: 'en',
    data: { url: 'https://push.example.org/_matrix/push/v1/notify' },
  }
  const gateway = (url: unknown) => ({ body: { data: { url } } })
  return {
    getPushRules: { good: { as: alice } },
    getPushRulesGlobal: { good: { as: alice } },
    getPushRule: { good: { as: alice, path }, rows: rules, ...lookedUp },
    isPushRuleEnabled: { good: { as: alice, path }, rows: rules, ...lookedUp },
    getPushRuleActions: { good: { as: alice, path }, rows: rules, ...lookedUp },
    setPushRuleEnabled: {
      good: { as: alice, path, body: { enabled: true } },
      rows: rules,
      ...lookedUp,
    },
    setPushRuleActions: {
      good: { as: alice, path, body: { actions: ['notify'] } },
      rows: [...rules, ...actions],
      ...lookedUp,
    },
    setPushRule: {
      good: { as: alice, path: made, body: rule },
      rows: [
        ...actions,
        ['an id of the server', { path: { ruleId: '.m.rule.master' } }, '400 M_INVALID_PARAM'],
        ['an id with a slash', { path: { ruleId: 'a/b' } }, '400 M_INVALID_PARAM'],
        ['an id with a backslash', { path: { ruleId: 'a\\b' } }, '400 M_INVALID_PARAM'],
        ['an id of 256 letters', { path: { ruleId: 'x'.repeat(256) } }, '400 M_INVALID_PARAM'],
        ['no pattern where one is needed', { path: { kind: 'content' } }, '400 M_MISSING_PARAM'],
        ['a glob bomb', { path: { kind: 'content' }, body: { pattern: BOMB } }, '200'],
        [
          'a glob bomb in a condition',
          { body: { conditions: [{ kind: 'event_match', key: 'content.body', pattern: BOMB }] } },
          '200',
        ],
        ['a condition without a kind', { body: { conditions: [{}] } }, '400 M_INVALID_PARAM'],
        ['a condition that is a text', { body: { conditions: ['x'] } }, '400 M_BAD_JSON'],
        ['a room rule for what is no room', { path: { kind: 'room', ruleId: 'nonsense' } }, '200'],
        ['a place before a rule that is not there', { query: { before: 'none' } }, '400 M_UNKNOWN'],
        ['a place after a rule of somebody else', { query: { after: 'theirs' } }, '400 M_UNKNOWN'],
        [
          'a rule with half a surrogate pair',
          { raw: '{"actions":[],"conditions":[{"kind":"\\ud800"}]}' },
          '200',
        ],
        ['a rule with NUL', { raw: '{"actions":[],"conditions":[{"kind":"\\u0000"}]}' }, '200'],
      ],
    },
    deletePushRule: {
      good: { as: alice, path: { ...path, ruleId: 'old' } },
      rows: [
        ...rules,
        ['a rule of the server', { path: { ruleId: '.m.rule.master' } }, '404 M_NOT_FOUND'],
      ],
      ...lookedUp,
    },
    getPushers: { good: { as: alice } },
    postPusher: {
      good: { as: alice, body: pusher },
      rows: [
        ['a kind that is none', { body: { kind: 'nonsense' } }, '400 M_INVALID_PARAM'],
        ['no address', { body: { data: {} } }, '400 M_MISSING_PARAM'],
        [
          'an address in the prototype',
          { body: { data: JSON.parse('{"__proto__":{"url":"https://x/"}}') } },
          '400 M_MISSING_PARAM',
        ],
        ['an address that is none', gateway('nonsense'), '400 M_INVALID_PARAM'],
        [
          'an address of another scheme',
          gateway('file:///_matrix/push/v1/notify'),
          '400 M_INVALID_PARAM',
        ],
        [
          'an address without encryption',
          gateway('http://push.example.org/_matrix/push/v1/notify'),
          '400 M_INVALID_PARAM',
        ],
        [
          'an address of another path',
          gateway('https://push.example.org/admin'),
          '400 M_INVALID_PARAM',
        ],
        [
          'an address with a password',
          gateway('https://a:b@push.example.org/_matrix/push/v1/notify'),
          '400 M_INVALID_PARAM',
        ],
        ...[
          '127.0.0.1',
          '2130706433',
          '0x7f.1',
          '[::1]',
          '[::ffff:127.0.0.1]',
          '10.0.0.1',
          '169.254.169.254',
          '[64:ff9b::7f00:1]',
        ].map((host): Row => [
          `the private address ${host}`,
          gateway(`https://${host}/_matrix/push/v1/notify`),
          '400 M_INVALID_PARAM',
        ]),
        [
          'a form that is none',
          { body: { data: { ...pusher.data, format: 'nonsense' } } },
          '400 M_INVALID_PARAM',
        ],
        ['a key of 513 bytes', { body: { pushkey: 'x'.repeat(513) } }, '400 M_INVALID_PARAM'],
        ['an app id of 65 letters', { body: { app_id: 'x'.repeat(65) } }, '400 M_INVALID_PARAM'],
        ['a key with NUL', { body: { pushkey: 'a\0' } }, '400 M_INVALID_PARAM'],
        ['no language', { body: { lang: undefined } }, '400 M_MISSING_PARAM'],
        ['NUL in the data', { body: { data: { ...pusher.data, x: 'a\0' } } }, '200'],
        [
          'half a surrogate pair in the data',
          { body: { data: { ...pusher.data, x: '\ud800' } } },
          '200',
        ],
      ],
    },
  }
}
