import { describeRules } from './test-support/cases.ts'
import {
  ADMIN,
  ALICE,
  BOB,
  CAROL,
  DAN,
  GINA,
  IVY,
  has,
  hasLevels,
  joinRule,
  lacks,
  levels,
  member,
  message,
  stateEvent,
} from './test-support/room.ts'

const closed = has(stateEvent(ALICE, 'm.room.create', { creator: ALICE, 'm.federate': false }))

describeRules('the room', [
  {
    says: 'needs a create event in the state',
    in: 'all',
    given: [lacks('m.room.create')],
    event: message(ALICE),
    allowed: false,
  },
  {
    says: 'refuses an event whose room ID is not that of the create event',
    in: '12',
    event: { ...message(ALICE), roomId: `!${'D'.repeat(43)}` },
    allowed: false,
  },
  {
    says: 'refuses everything when the create event was rejected',
    in: '12',
    given: [
      (state) => {
        const create = state.get('m.room.create\0')
        if (create !== undefined) state.set('m.room.create\0', { ...create, rejected: true })
      },
    ],
    event: message(ALICE),
    allowed: false,
  },
  {
    says: "takes events of the creator's server when it does not federate",
    in: 'all',
    given: [closed],
    event: message(ADMIN),
    allowed: true,
  },
  {
    says: 'refuses events of other servers when it does not federate',
    in: 'all',
    given: [closed],
    event: message(BOB),
    allowed: false,
  },
  {
    says: 'refuses joins of other servers when it does not federate',
    in: 'all',
    given: [closed, joinRule('public')],
    event: member(DAN, DAN, 'join'),
    allowed: false,
  },
  {
    says: 'federates unless m.federate is exactly false',
    in: 'all',
    given: [has(stateEvent(ALICE, 'm.room.create', { creator: ALICE, 'm.federate': 'false' }))],
    event: message(BOB),
    allowed: true,
  },
])

const sendLevels = hasLevels({
  events: { 'm.room.message': 50, 'm.special': 100, 'm.room.topic': 0 },
  events_default: 25,
  state_default: 75,
})

describeRules('sending', [
  { says: 'is open to members', in: 'all', event: message(CAROL), allowed: true },
  { says: 'is closed to who was never there', in: 'all', event: message(DAN), allowed: false },
  { says: 'is closed to who left', in: 'all', event: message(IVY), allowed: false },
  { says: 'is closed to the banned', in: 'all', event: message(GINA), allowed: false },
  {
    says: 'of state needs 50 when the power levels say nothing',
    in: 'all',
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'of state is allowed at 50 when the power levels say nothing',
    in: 'all',
    event: stateEvent(BOB, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'of state needs 50 in a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: stateEvent(BOB, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'of state is open to the creator of a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: stateEvent(ALICE, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'of messages needs nothing in a room without power levels',
    in: 'all',
    given: [lacks('m.room.power_levels')],
    event: message(CAROL),
    allowed: true,
  },
  {
    says: 'is refused to the creator whom the power levels do not name',
    in: '3-11',
    given: [hasLevels({ users: {} })],
    event: stateEvent(ALICE, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'is open to the creator whatever the power levels say',
    in: '12',
    given: [hasLevels({ users: {}, state_default: 9007199254740991 })],
    event: stateEvent(ALICE, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'is open to an additional creator whatever the power levels say',
    in: '12',
    given: [
      has(stateEvent(ALICE, 'm.room.create', { additional_creators: [CAROL] })),
      hasLevels({ state_default: 1000 }),
    ],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'gives additional_creators no power in older rooms',
    in: '3-11',
    given: [
      has(stateEvent(ALICE, 'm.room.create', { creator: ALICE, additional_creators: [CAROL] })),
    ],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'is refused to a creator who is not in the room',
    in: 'all',
    given: [lacks('m.room.member', ALICE)],
    event: message(ALICE),
    allowed: false,
  },
  {
    says: "follows the type's own level for messages",
    in: 'all',
    given: [sendLevels],
    event: message(BOB),
    allowed: true,
  },
  {
    says: "is refused below the type's own level",
    in: 'all',
    given: [sendLevels],
    event: message(BOB, 'm.special'),
    allowed: false,
  },
  {
    says: "follows the type's own level for state, above state_default",
    in: 'all',
    given: [sendLevels],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'is refused below events_default',
    in: 'all',
    given: [sendLevels],
    event: message(CAROL, 'm.other'),
    allowed: false,
  },
  {
    says: 'is refused below state_default',
    in: 'all',
    given: [sendLevels],
    event: stateEvent(BOB, 'm.other'),
    allowed: false,
  },
  {
    says: 'uses users_default for who is not named',
    in: 'all',
    given: [hasLevels({ users_default: 50 })],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'counts a level below zero',
    in: 'all',
    given: [hasLevels({ users: { [CAROL]: -1 } })],
    event: message(CAROL),
    allowed: false,
  },
  {
    says: 'reads levels written as strings',
    in: '3-9',
    given: [hasLevels({ users: { [CAROL]: ' +0050 ' }, state_default: '50' })],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: true,
  },
  {
    says: 'does not read levels written as strings',
    in: '10+',
    given: [hasLevels({ users: { [CAROL]: '50' } })],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'cuts a fractional level off',
    in: '3-5',
    given: [hasLevels({ users: { [CAROL]: 50.9 }, events: { 'm.room.topic': 51 } })],
    event: stateEvent(CAROL, 'm.room.topic'),
    allowed: false,
  },
  {
    says: 'of a redaction does not ask for the redact level',
    in: 'all',
    given: [hasLevels({ redact: 100 })],
    event: message(CAROL, 'm.room.redaction'),
    allowed: true,
  },
  {
    says: 'of a redaction follows the level of its type',
    in: 'all',
    given: [hasLevels({ events: { 'm.room.redaction': 50 } })],
    event: message(CAROL, 'm.room.redaction'),
    allowed: false,
  },
  {
    says: 'of state under the own user ID is allowed',
    in: 'all',
    event: stateEvent(BOB, 'm.status', {}, BOB),
    allowed: true,
  },
  {
    says: 'of state under another user ID is refused',
    in: 'all',
    event: stateEvent(ADMIN, 'm.status', {}, BOB),
    allowed: false,
  },
  {
    says: 'of state under any key that starts with @ is refused',
    in: 'all',
    event: stateEvent(ALICE, 'm.status', {}, '@anything'),
    allowed: false,
  },
  {
    says: 'of state under a key that holds an @ later is allowed',
    in: 'all',
    event: stateEvent(BOB, 'm.status', {}, '_@bob:b.org'),
    allowed: true,
  },
  {
    says: 'of another create event follows the rule for the first',
    in: 'all',
    event: { ...stateEvent(ADMIN, 'm.room.create', { creator: ADMIN }), prevEvents: [] },
    allowed: true,
  },
  {
    says: 'of power levels with a user ID as key is refused',
    in: 'all',
    event: { ...levels(ADMIN, {}), stateKey: CAROL },
    allowed: false,
  },
])

describeRules('m.room.aliases', [
  {
    says: 'is allowed for the own server, to who is not in the room',
    in: '3-5',
    event: stateEvent(DAN, 'm.room.aliases', {}, 'd.org'),
    allowed: true,
  },
  {
    says: 'is refused for another server, even to the creator',
    in: '3-5',
    event: stateEvent(ALICE, 'm.room.aliases', {}, 'd.org'),
    allowed: false,
  },
  {
    says: 'is refused without a state key',
    in: '3-5',
    event: message(ALICE, 'm.room.aliases'),
    allowed: false,
  },
  {
    says: 'is refused to who is not in the room',
    in: '6+',
    event: stateEvent(DAN, 'm.room.aliases', {}, 'd.org'),
    allowed: false,
  },
  {
    says: 'is ordinary state',
    in: '6+',
    event: stateEvent(BOB, 'm.room.aliases', {}, 'd.org'),
    allowed: true,
  },
  {
    says: 'is refused below state_default',
    in: '6+',
    event: stateEvent(CAROL, 'm.room.aliases', {}, 'c.org'),
    allowed: false,
  },
])
