import { describeRules } from './test-support/cases.ts'
import { ALICE, CREATE_ID, stateEvent } from './test-support/room.ts'

const create = (content: Record<string, string | number | boolean | string[] | null>) =>
  stateEvent(ALICE, 'm.room.create', content)

describeRules('m.room.create', [
  {
    says: 'is allowed without anything before it',
    in: 'all',
    event: create({ creator: ALICE }),
    allowed: true,
  },
  {
    says: 'cannot follow another event',
    in: 'all',
    event: { ...create({ creator: ALICE }), prevEvents: [CREATE_ID] },
    allowed: false,
  },
  {
    says: "needs a room ID of the sender's server",
    in: '3-11',
    event: { ...create({ creator: ALICE }), roomId: '!room:b.org' },
    allowed: false,
  },
  {
    says: 'compares the server name with its port',
    in: '3-11',
    event: { ...create({ creator: ALICE }), roomId: '!room:a.org:8448' },
    allowed: false,
  },
  {
    says: 'may name a known room version',
    in: 'all',
    event: create({ creator: ALICE, room_version: '9' }),
    allowed: true,
  },
  {
    says: 'cannot name an unknown room version',
    in: 'all',
    event: create({ creator: ALICE, room_version: 'org.example.mine' }),
    allowed: false,
  },
  {
    says: 'cannot name a room version as a number',
    in: 'all',
    event: create({ creator: ALICE, room_version: 10 }),
    allowed: false,
  },
  { says: 'needs a creator', in: '3-10', event: create({}), allowed: false },
  { says: 'needs no creator', in: '11+', event: create({}), allowed: true },
  {
    says: 'takes additional_creators for any other key',
    in: '3-11',
    event: create({ creator: ALICE, additional_creators: 'nonsense' }),
    allowed: true,
  },
  {
    says: 'may name additional creators',
    in: '12',
    event: create({ additional_creators: ['@bob:b.org', '@eve:b.org'] }),
    allowed: true,
  },
  {
    says: 'may name no additional creators',
    in: '12',
    event: create({ additional_creators: [] }),
    allowed: true,
  },
  {
    says: 'refuses additional creators that are no list',
    in: '12',
    event: create({ additional_creators: '@bob:b.org' }),
    allowed: false,
  },
  {
    says: 'refuses null for additional creators',
    in: '12',
    event: create({ additional_creators: null }),
    allowed: false,
  },
  {
    says: 'refuses an additional creator who is no user ID',
    in: '12',
    event: create({ additional_creators: ['@bob:b.org', 'eve'] }),
    allowed: false,
  },
  {
    says: 'refuses an additional creator without a server name',
    in: '12',
    event: create({ additional_creators: ['@bob'] }),
    allowed: false,
  },
])
