import type { JsonObject } from '../json.ts'
import { describeRules } from './test-support/cases.ts'
import type { Case } from './test-support/cases.ts'
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  EVE,
  USERS,
  ZED,
  has,
  hasLevels,
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
const without = (user: string): JsonObject =>
  Object.fromEntries(Object.entries(USERS).filter(([key]) => key !== user))

describeRules('changing levels', [
  {
    says: 'to the same is allowed',
    in: 'all',
    ...change({ ban: 100 }, BOB, { ban: 100 }),
    allowed: true,
  },
  {
    says: 'is refused below the level to send power levels',
    in: 'all',
    ...change({}, CAROL, {}),
    allowed: false,
  },
  {
    says: 'up to the own level is allowed',
    in: 'all',
    ...change({ kick: 0 }, BOB, { kick: 50 }),
    allowed: true,
  },
  {
    says: 'above the own level is refused',
    in: 'all',
    ...change({ kick: 0 }, BOB, { kick: 51 }),
    allowed: false,
  },
  {
    says: 'from above the own level is refused',
    in: 'all',
    ...change({ kick: 51 }, BOB, { kick: 0 }),
    allowed: false,
  },
  {
    says: 'by removing one above the own is refused',
    in: 'all',
    ...change({ kick: 51 }, BOB, {}),
    allowed: false,
  },
  {
    says: 'by removing one within the own is allowed',
    in: 'all',
    ...change({ kick: 10 }, BOB, {}),
    allowed: true,
  },
  {
    says: 'by removing one is refused when its default is above the own',
    in: 'all',
    ...change(
      { users: { ...USERS, [CAROL]: 40 }, events: { 'm.room.power_levels': 40 }, kick: 30 },
      CAROL,
      { users: { ...USERS, [CAROL]: 40 }, events: { 'm.room.power_levels': 40 } },
    ),
    allowed: false,
  },
  {
    says: 'by adding one is refused when its default is above the own',
    in: 'all',
    ...change({ users: { ...USERS, [CAROL]: 40 }, events: { 'm.room.power_levels': 40 } }, CAROL, {
      users: { ...USERS, [CAROL]: 40 },
      events: { 'm.room.power_levels': 40 },
      ban: 30,
    }),
    allowed: false,
  },
  ...['users_default', 'events_default', 'state_default', 'ban', 'redact', 'kick', 'invite'].map(
    (name): Case => ({
      says: `of ${name} is bounded by the own level`,
      in: 'all',
      ...change({}, BOB, { [name]: 60 }),
      allowed: false,
    }),
  ),
  {
    says: 'from a string to the same number is no change',
    in: '3-9',
    ...change({ ban: '0100' }, BOB, { ban: 100 }),
    allowed: true,
  },
  {
    says: 'to a string above the own level is refused',
    in: '3-9',
    ...change({ ban: 50 }, BOB, { ban: '100' }),
    allowed: false,
  },
  {
    says: 'without bound is open to the creator',
    in: '12',
    ...change({ ban: 50 }, ALICE, { ban: 9007199254740991 }),
    allowed: true,
  },
  {
    says: 'of unknown properties is free',
    in: 'all',
    ...change({}, BOB, { 'org.example': 1000 }),
    allowed: true,
  },
])

describeRules('changing the levels of event types', [
  {
    says: 'by adding one is allowed up to the own',
    in: 'all',
    ...change({}, BOB, { events: { 'm.a': 50 } }),
    allowed: true,
  },
  {
    says: 'by adding one above the own is refused',
    in: 'all',
    ...change({}, BOB, { events: { 'm.a': 51 } }),
    allowed: false,
  },
  {
    says: 'from above the own is refused',
    in: 'all',
    ...change({ events: { 'm.a': 51 } }, BOB, { events: { 'm.a': 50 } }),
    allowed: false,
  },
  {
    says: 'by removing one above the own is refused',
    in: 'all',
    ...change({ events: { 'm.a': 51 } }, BOB, { events: {} }),
    allowed: false,
  },
  {
    says: 'by removing the whole map with one above the own is refused',
    in: 'all',
    ...change({ events: { 'm.a': 51 } }, BOB, {}),
    allowed: false,
  },
  {
    says: 'by removing one equal to the own is allowed',
    in: 'all',
    ...change({ events: { 'm.a': 50 } }, BOB, { events: {} }),
    allowed: true,
  },
  {
    says: 'beside an unchanged one above the own is allowed',
    in: 'all',
    ...change({ events: { 'm.a': 100 } }, BOB, { events: { 'm.a': 100, 'm.b': 10 } }),
    allowed: true,
  },
])

describeRules('changing notification levels', [
  {
    says: 'above the own is not checked',
    in: '3-5',
    ...change({}, BOB, { notifications: { room: 100 } }),
    allowed: true,
  },
  {
    says: 'above the own is refused',
    in: '6+',
    ...change({}, BOB, { notifications: { room: 51 } }),
    allowed: false,
  },
  {
    says: 'by removing one above the own is refused',
    in: '6+',
    ...change({ notifications: { room: 51 } }, BOB, {}),
    allowed: false,
  },
  {
    says: 'from above the own is refused',
    in: '6+',
    ...change({ notifications: { room: 51 } }, BOB, { notifications: { room: 50 } }),
    allowed: false,
  },
  {
    says: 'up to the own is allowed',
    in: 'all',
    ...change({ notifications: { room: 0 } }, BOB, { notifications: { room: 50 } }),
    allowed: true,
  },
])

describeRules('changing the levels of users', [
  {
    says: 'up to the own is allowed',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [CAROL]: 50 } }),
    allowed: true,
  },
  {
    says: 'above the own is refused',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [CAROL]: 51 } }),
    allowed: false,
  },
  {
    says: 'of somebody with equal power is refused',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [EVE]: 0 } }),
    allowed: false,
  },
  {
    says: 'by removing somebody with equal power is refused',
    in: 'all',
    ...change({}, BOB, { users: without(EVE) }),
    allowed: false,
  },
  {
    says: 'of somebody with greater power is refused',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [ADMIN]: 50 } }),
    allowed: false,
  },
  {
    says: 'of somebody with less power is allowed',
    in: 'all',
    ...change({}, ADMIN, { users: { ...USERS, [EVE]: 75 } }),
    allowed: true,
  },
  {
    says: 'by removing somebody with less power is allowed',
    in: 'all',
    ...change({}, ADMIN, { users: without(ZED) }),
    allowed: true,
  },
  {
    says: 'down for oneself is allowed',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [BOB]: 10 } }),
    allowed: true,
  },
  {
    says: 'by removing oneself is allowed',
    in: 'all',
    ...change({}, BOB, { users: without(BOB) }),
    allowed: true,
  },
  {
    says: 'up for oneself is refused',
    in: 'all',
    ...change({}, BOB, { users: { ...USERS, [BOB]: 51 } }),
    allowed: false,
  },
  {
    says: 'by removing the map with somebody of greater power in it is refused',
    in: 'all',
    given: [hasLevels({})],
    event: levels(BOB, {}),
    allowed: false,
  },
  {
    says: 'by naming somebody at the level they have by default is allowed',
    in: 'all',
    ...change({ users_default: 10 }, BOB, { users_default: 10, users: { ...USERS, [CAROL]: 10 } }),
    allowed: true,
  },
  {
    says: 'of somebody whom only users_default lifted to equal power is allowed',
    in: 'all',
    ...change({ users_default: 50 }, BOB, { users_default: 50, users: { ...USERS, [CAROL]: 0 } }),
    allowed: true,
  },
  {
    says: 'from a string to the same number is no change',
    in: '3-9',
    ...change({ users: { ...USERS, [ADMIN]: '+100' } }, BOB, {}),
    allowed: true,
  },
  {
    says: 'without bound is open to the creator',
    in: '12',
    ...change({}, ALICE, { users: { [ADMIN]: 0, [BOB]: 9007199254740991 } }),
    allowed: true,
  },
  {
    says: 'of an admin is open to an additional creator',
    in: '12',
    given: [has(stateEvent(ALICE, 'm.room.create', { additional_creators: [CAROL] }))],
    event: levels(CAROL, { users: {} }),
    allowed: true,
  },
])
