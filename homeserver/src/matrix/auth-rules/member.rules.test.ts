import { describeRules } from './test-support/cases.ts'
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  DAN,
  EVE,
  FRANK,
  GINA,
  IVY,
  ZED,
  has,
  hasLevels,
  lacks,
  member,
  stateEvent,
} from './test-support/room.ts'

const additional = has(
  stateEvent(ALICE, 'm.room.create', { creator: ALICE, additional_creators: [EVE] }),
)

describeRules('m.room.member', [
  {
    says: 'needs a state key',
    in: 'all',
    event: { type: 'm.room.member', sender: ALICE, content: { membership: 'join' } },
    allowed: false,
  },
  {
    says: 'needs a membership',
    in: 'all',
    event: { type: 'm.room.member', stateKey: ALICE, sender: ALICE, content: {} },
    allowed: false,
  },
  {
    says: 'refuses an unknown membership',
    in: 'all',
    event: member(ALICE, ALICE, 'org.example'),
    allowed: false,
  },
  {
    says: 'refuses a membership that is no string',
    in: 'all',
    event: { ...member(ALICE, ALICE, ''), content: { membership: ['join'] } },
    allowed: false,
  },
  {
    says: 'is not subject to the levels of its type',
    in: 'all',
    given: [hasLevels({ events: { 'm.room.member': 100 }, state_default: 100 })],
    event: member(CAROL, CAROL, 'leave'),
    allowed: true,
  },
])

describeRules('inviting', [
  {
    says: 'is open to any member where the levels say nothing',
    in: 'all',
    event: member(CAROL, DAN, 'invite'),
    allowed: true,
  },
  {
    says: 'is open to any member of a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: member(CAROL, DAN, 'invite'),
    allowed: true,
  },
  {
    says: 'is closed below the invite level',
    in: 'all',
    given: [hasLevels({ invite: 50 })],
    event: member(CAROL, DAN, 'invite'),
    allowed: false,
  },
  {
    says: 'is open at the invite level',
    in: 'all',
    given: [hasLevels({ invite: 50 })],
    event: member(BOB, DAN, 'invite'),
    allowed: true,
  },
  {
    says: 'is closed to who is not in the room',
    in: 'all',
    event: member(ZED, DAN, 'invite'),
    allowed: false,
  },
  {
    says: 'is closed to who is only invited',
    in: 'all',
    event: member(FRANK, DAN, 'invite'),
    allowed: false,
  },
  {
    says: 'a member again is refused',
    in: 'all',
    event: member(ADMIN, CAROL, 'invite'),
    allowed: false,
  },
  {
    says: 'the banned is refused, to the creator too',
    in: 'all',
    event: member(ALICE, GINA, 'invite'),
    allowed: false,
  },
  {
    says: 'the invited again is allowed',
    in: 'all',
    event: member(CAROL, FRANK, 'invite'),
    allowed: true,
  },
  { says: 'who left is allowed', in: 'all', event: member(CAROL, IVY, 'invite'), allowed: true },
  {
    says: 'somebody of greater power is allowed',
    in: 'all',
    event: member(CAROL, ZED, 'invite'),
    allowed: true,
  },
])

describeRules('leaving', [
  { says: 'is open to members', in: 'all', event: member(CAROL, CAROL, 'leave'), allowed: true },
  { says: 'rejects an invitation', in: 'all', event: member(FRANK, FRANK, 'leave'), allowed: true },
  {
    says: 'is closed to who was never there',
    in: 'all',
    event: member(DAN, DAN, 'leave'),
    allowed: false,
  },
  { says: 'twice is refused', in: 'all', event: member(IVY, IVY, 'leave'), allowed: false },
  {
    says: 'does not lift the own ban',
    in: 'all',
    event: member(GINA, GINA, 'leave'),
    allowed: false,
  },
  {
    says: 'does not lift the own ban, however powerful',
    in: 'all',
    given: [has(member(ALICE, ZED, 'ban')), hasLevels({ users: { [ZED]: 100 } })],
    event: member(ZED, ZED, 'leave'),
    allowed: false,
  },
])

describeRules('kicking', [
  {
    says: 'a member of less power is allowed',
    in: 'all',
    event: member(BOB, CAROL, 'leave'),
    allowed: true,
  },
  { says: 'withdraws an invitation', in: 'all', event: member(BOB, FRANK, 'leave'), allowed: true },
  {
    says: 'is closed below the kick level',
    in: 'all',
    event: member(CAROL, FRANK, 'leave'),
    allowed: false,
  },
  {
    says: 'needs 50 in a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: member(BOB, CAROL, 'leave'),
    allowed: false,
  },
  {
    says: 'is open to the creator of a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: member(ALICE, CAROL, 'leave'),
    allowed: true,
  },
  {
    says: 'needs the kick level, not the ban level',
    in: 'all',
    given: [hasLevels({ kick: 50, ban: 100 })],
    event: member(BOB, CAROL, 'leave'),
    allowed: true,
  },
  {
    says: 'somebody of equal power is refused',
    in: 'all',
    event: member(BOB, EVE, 'leave'),
    allowed: false,
  },
  {
    says: 'somebody of greater power is refused',
    in: 'all',
    event: member(BOB, ADMIN, 'leave'),
    allowed: false,
  },
  {
    says: 'is closed to who is not in the room',
    in: 'all',
    event: member(ZED, CAROL, 'leave'),
    allowed: false,
  },
  {
    says: 'who was never there is allowed',
    in: 'all',
    event: member(BOB, DAN, 'leave'),
    allowed: true,
  },
  {
    says: 'the creator is refused, however high the own level',
    in: '12',
    given: [hasLevels({ users: { [BOB]: 9007199254740991 } })],
    event: member(BOB, ALICE, 'leave'),
    allowed: false,
  },
  {
    says: 'a demoted creator is allowed',
    in: '3-11',
    given: [hasLevels({ users: { [BOB]: 50, [ALICE]: 0 } })],
    event: member(BOB, ALICE, 'leave'),
    allowed: true,
  },
  {
    says: 'a creator is refused to another creator',
    in: '12',
    given: [additional],
    event: member(ALICE, EVE, 'leave'),
    allowed: false,
  },
])

describeRules('banning', [
  {
    says: 'a member of less power is allowed',
    in: 'all',
    event: member(BOB, CAROL, 'ban'),
    allowed: true,
  },
  {
    says: 'who was never there is allowed',
    in: 'all',
    event: member(BOB, DAN, 'ban'),
    allowed: true,
  },
  {
    says: 'the banned again is allowed',
    in: 'all',
    event: member(BOB, GINA, 'ban'),
    allowed: true,
  },
  {
    says: 'is closed below the ban level',
    in: 'all',
    event: member(CAROL, DAN, 'ban'),
    allowed: false,
  },
  {
    says: 'needs the ban level, not the kick level',
    in: 'all',
    given: [hasLevels({ kick: 0, ban: 75 })],
    event: member(BOB, CAROL, 'ban'),
    allowed: false,
  },
  {
    says: 'somebody of equal power is refused',
    in: 'all',
    event: member(BOB, EVE, 'ban'),
    allowed: false,
  },
  { says: 'oneself is refused', in: 'all', event: member(BOB, BOB, 'ban'), allowed: false },
  {
    says: 'is closed to who is not in the room',
    in: 'all',
    event: member(ZED, CAROL, 'ban'),
    allowed: false,
  },
  {
    says: 'needs 50 in a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: member(BOB, CAROL, 'ban'),
    allowed: false,
  },
  {
    says: 'an additional creator is refused',
    in: '12',
    given: [additional],
    event: member(ADMIN, EVE, 'ban'),
    allowed: false,
  },
  {
    says: 'oneself is refused to a creator, whose level is not below itself',
    in: '12',
    event: member(ALICE, ALICE, 'ban'),
    allowed: false,
  },
])

describeRules('unbanning', [
  {
    says: 'is allowed with the kick and the ban level',
    in: 'all',
    event: member(BOB, GINA, 'leave'),
    allowed: true,
  },
  {
    says: 'needs the ban level',
    in: 'all',
    given: [hasLevels({ kick: 50, ban: 75 })],
    event: member(BOB, GINA, 'leave'),
    allowed: false,
  },
  {
    says: 'needs the kick level',
    in: 'all',
    given: [hasLevels({ kick: 75, ban: 50 })],
    event: member(BOB, GINA, 'leave'),
    allowed: false,
  },
  {
    says: 'needs more power than the banned has',
    in: 'all',
    given: [has(member(ADMIN, ZED, 'ban'))],
    event: member(BOB, ZED, 'leave'),
    allowed: false,
  },
  {
    says: 'is closed to who is not in the room',
    in: 'all',
    event: member(ZED, GINA, 'leave'),
    allowed: false,
  },
])
