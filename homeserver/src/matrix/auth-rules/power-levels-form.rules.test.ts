import { parseJson } from '../events/parse-json.ts'
import type { JsonObject } from '../json.ts'
import { describeRules } from './test-support/cases.ts'
import type { Case } from './test-support/cases.ts'
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  USERS,
  has,
  hasLevels,
  lacks,
  levels,
  stateEvent,
} from './test-support/room.ts'

function change(
  before: JsonObject,
  sender: string,
  after: JsonObject,
): Pick<Case, 'given' | 'event'> {
  return { given: [hasLevels(before)], event: levels(sender, { users: USERS, ...after }) }
}

describeRules('the form of power levels', [
  {
    says: 'may be empty',
    in: 'all',
    ...change({ users: {} }, ALICE, { users: {} }),
    given: [lacks('m.room.power_levels')],
    allowed: true,
  },
  {
    says: 'may lack users',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: levels(ALICE, {}),
    allowed: true,
  },
  {
    says: 'refuses users that are no object',
    in: 'all',
    ...change({}, ADMIN, { users: [] }),
    allowed: false,
  },
  {
    says: 'refuses a key of users that is no user ID',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, bob: 0 } }),
    allowed: false,
  },
  {
    says: 'refuses a user ID without a server name',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, '@bob': 0 } }),
    allowed: false,
  },
  {
    says: 'refuses a level of a user that is no number',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: null } }),
    allowed: false,
  },
  {
    says: 'refuses a level of a user that is a word',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: 'ten' } }),
    allowed: false,
  },
  {
    says: 'takes a level of a user as a string',
    in: '3-9',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: ' -0007 ' } }),
    allowed: true,
  },
  {
    says: 'refuses a string with a fraction',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: '7.5' } }),
    allowed: false,
  },
  {
    says: 'refuses a string with two signs',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: '--7' } }),
    allowed: false,
  },
  {
    says: 'refuses an empty string',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: '' } }),
    allowed: false,
  },
  {
    says: 'refuses a level of a user as a string',
    in: '10+',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: '7' } }),
    allowed: false,
  },
  {
    says: 'takes a fraction',
    in: '3-5',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: 7.5 } }),
    allowed: true,
  },
  {
    says: 'refuses a fraction',
    in: '6+',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: 7.5 } }),
    allowed: false,
  },
  {
    says: 'refuses infinity',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: -Infinity } }),
    allowed: false,
  },
  {
    says: 'refuses an integer beyond what JSON can carry',
    in: '6+',
    ...change({}, ADMIN, { users: { ...USERS, [CAROL]: -(2 ** 53) } }),
    allowed: false,
  },
  {
    says: 'takes a named level as a string',
    in: '3-9',
    ...change({}, ADMIN, { ban: '50' }),
    allowed: true,
  },
  ...['users_default', 'events_default', 'state_default', 'ban', 'redact', 'kick', 'invite'].map(
    (name): Case => ({
      says: `refuses ${name} as a string`,
      in: '10+',
      ...change({}, ADMIN, { [name]: '50' }),
      allowed: false,
    }),
  ),
  {
    says: 'refuses a level of an event type as a string',
    in: '10+',
    ...change({}, ADMIN, { events: { 'm.room.topic': '50' } }),
    allowed: false,
  },
  {
    says: 'refuses a notification level as a string',
    in: '10+',
    ...change({}, ADMIN, { notifications: { room: '50' } }),
    allowed: false,
  },
  {
    says: 'refuses events that are no object',
    in: '10+',
    ...change({}, ADMIN, { events: 50 }),
    allowed: false,
  },
  {
    says: 'refuses notifications that are no object',
    in: '10+',
    ...change({}, ADMIN, { notifications: [50] }),
    allowed: false,
  },
  {
    says: 'does not look at notifications',
    in: '3-5',
    ...change({}, ADMIN, { notifications: 'none' }),
    allowed: true,
  },
  {
    says: 'is checked in the first power levels too',
    in: '10+',
    given: [lacks('m.room.power_levels')],
    event: levels(ALICE, { ban: '50' }),
    allowed: false,
  },
  {
    says: 'keeps a key named __proto__ as data',
    in: 'all',
    ...change({}, ADMIN, { events: parseJson('{"__proto__": 150}') }),
    allowed: false,
  },
  {
    says: 'refuses a level for the creator',
    in: '12',
    ...change({}, ALICE, { users: { ...USERS, [ALICE]: 100 } }),
    allowed: false,
  },
  {
    says: 'refuses a level for the creator in the first power levels too',
    in: '12',
    given: [lacks('m.room.power_levels')],
    event: levels(ALICE, { users: { [ALICE]: 100 } }),
    allowed: false,
  },
  {
    says: 'refuses a level for an additional creator',
    in: '12',
    given: [has(stateEvent(ALICE, 'm.room.create', { additional_creators: [CAROL] }))],
    event: levels(ALICE, { users: { ...USERS, [CAROL]: 100 } }),
    allowed: false,
  },
  {
    says: 'takes a level for the creator',
    in: '3-11',
    ...change({}, ADMIN, { users: { ...USERS, [ALICE]: 100 } }),
    allowed: true,
  },
])

describeRules('the first power levels', [
  {
    says: 'may give anybody any level',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: levels(ALICE, { users: { [CAROL]: 1000 }, ban: 2000 }),
    allowed: true,
  },
  {
    says: 'are refused to others than the creator, who lack the level to send them',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: levels(BOB, { users: { [BOB]: 100 } }),
    allowed: false,
  },
])
