import { describeRules } from './test-support/cases.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAN,
  FRANK,
  GINA,
  ZED,
  hasLevels,
  joinRule,
  member,
} from './test-support/room.ts'
import { parseServerName } from '../ids.ts'

const B_ORG = parseServerName('b.org')
const C_ORG = parseServerName('c.org')
const D_ORG = parseServerName('d.org')
const viaBob = { join_authorised_via_users_server: BOB }

describeRules('restricted joins', [
  {
    says: 'are closed to the invited where the rule is unknown',
    in: '3-7',
    given: [joinRule('restricted')],
    event: member(FRANK, FRANK, 'join'),
    allowed: false,
  },
  {
    says: 'are open to the invited without anybody answering for them',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(FRANK, FRANK, 'join'),
    allowed: true,
  },
  {
    says: 'need somebody to answer for the join',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(DAN, DAN, 'join'),
    allowed: false,
  },
  {
    says: 'are open with a signature of a member who may invite',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(DAN, DAN, 'join', viaBob),
    signedBy: [B_ORG],
    allowed: true,
  },
  {
    says: "need the signature of the authoriser's server",
    in: '8+',
    given: [joinRule('restricted')],
    event: member(DAN, DAN, 'join', viaBob),
    signedBy: [D_ORG],
    allowed: false,
  },
  {
    says: 'need an authoriser in the room',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(DAN, DAN, 'join', { join_authorised_via_users_server: ZED }),
    signedBy: [D_ORG],
    allowed: false,
  },
  {
    says: 'need an authoriser with the power to invite',
    in: '8+',
    given: [joinRule('restricted'), hasLevels({ invite: 50 })],
    event: member(DAN, DAN, 'join', { join_authorised_via_users_server: CAROL }),
    signedBy: [C_ORG],
    allowed: false,
  },
  {
    says: 'are closed to the banned whoever answers for them',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(GINA, GINA, 'join', viaBob),
    signedBy: [B_ORG],
    allowed: false,
  },
  {
    says: 'refuse an authoriser who is no user ID',
    in: '8+',
    given: [joinRule('restricted')],
    event: member(DAN, DAN, 'join', { join_authorised_via_users_server: 'b.org' }),
    signedBy: [B_ORG],
    allowed: false,
  },
  {
    says: 'refuse an authoriser who is no string',
    in: '8+',
    given: [joinRule('public')],
    event: member(DAN, DAN, 'join', { join_authorised_via_users_server: null }),
    signedBy: [B_ORG],
    allowed: false,
  },
  {
    says: 'ask for the signature in a public room too',
    in: '8+',
    given: [joinRule('public')],
    event: member(DAN, DAN, 'join', viaBob),
    allowed: false,
  },
  {
    says: 'ask for the signature on any membership',
    in: '8+',
    event: member(CAROL, CAROL, 'leave', viaBob),
    allowed: false,
  },
  {
    says: 'give the key no meaning in older rooms',
    in: '3-7',
    given: [joinRule('public')],
    event: member(DAN, DAN, 'join', viaBob),
    allowed: true,
  },
  {
    says: 'let a creator answer, who may always invite',
    in: '12',
    given: [joinRule('restricted'), hasLevels({ invite: 1000 })],
    event: member(DAN, DAN, 'join', { join_authorised_via_users_server: ALICE }),
    signedBy: [parseServerName('a.org')],
    allowed: true,
  },
  {
    says: 'under knock_restricted are unknown, to the invited too',
    in: '3-9',
    given: [joinRule('knock_restricted')],
    event: member(FRANK, FRANK, 'join'),
    allowed: false,
  },
  {
    says: 'under knock_restricted are open to the invited',
    in: '10+',
    given: [joinRule('knock_restricted')],
    event: member(FRANK, FRANK, 'join'),
    allowed: true,
  },
  {
    says: 'under knock_restricted are open with a signature',
    in: '10+',
    given: [joinRule('knock_restricted')],
    event: member(DAN, DAN, 'join', viaBob),
    signedBy: [B_ORG],
    allowed: true,
  },
])
