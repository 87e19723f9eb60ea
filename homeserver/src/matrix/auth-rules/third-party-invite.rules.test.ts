import { describeRules } from './test-support/cases.ts'
import { BOB, CAROL, FRANK, ZED, hasLevels, stateEvent } from './test-support/room.ts'

const invite = (sender: string) => stateEvent(sender, 'm.room.third_party_invite', {}, 'T')

describeRules('m.room.third_party_invite', [
  {
    says: 'needs the invite level, not that of state',
    in: 'all',
    event: invite(CAROL),
    allowed: true,
  },
  {
    says: 'is refused below the invite level',
    in: 'all',
    given: [hasLevels({ invite: 50 })],
    event: invite(CAROL),
    allowed: false,
  },
  {
    says: 'ignores the level of its type',
    in: 'all',
    given: [hasLevels({ invite: 50, events: { 'm.room.third_party_invite': 100 } })],
    event: invite(BOB),
    allowed: true,
  },
  {
    says: 'is refused to who is not in the room',
    in: 'all',
    event: invite(ZED),
    allowed: false,
  },
  {
    says: 'is refused to the invited',
    in: 'all',
    event: invite(FRANK),
    allowed: false,
  },
])
