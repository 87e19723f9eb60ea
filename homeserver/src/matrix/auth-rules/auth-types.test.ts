import { describe, expect, it } from 'vitest'
import { parseUserId } from '../ids.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { authTypes } from './auth-types.ts'
import { versionsIn } from './test-support/cases.ts'
import { BOB, CAROL, DAN, member, message, stateEvent } from './test-support/room.ts'
import type { Draft } from './test-support/room.ts'

const versions = (range: string): RoomVersion[] =>
  [...ROOM_VERSIONS.values()].filter(({ id }) => versionsIn(range).includes(id))

/** The selection as text, without the create event and the power levels that all others have. */
function selected(draft: Draft, version: RoomVersion): string[] {
  const input = { ...draft, stateKey: draft.stateKey, sender: parseUserId(draft.sender) }
  return authTypes(input, version)
    .map(([type, key]) => `${type.slice('m.room.'.length)} ${key}`.trim())
    .filter((name) => name !== 'create' && name !== 'power_levels')
}

describe.each(versions('3-11'))('auth events selection, room version $id', (version) => {
  it('names the create event', () => {
    expect(
      authTypes({ ...message(BOB), sender: parseUserId(BOB), stateKey: undefined }, version)[0],
    ).toEqual(['m.room.create', ''])
  })
})

describe.each(versions('12'))('auth events selection, room version $id', (version) => {
  it.each([message(BOB), stateEvent(BOB, 'm.room.topic'), member(BOB, CAROL, 'invite')])(
    'never names the create event ($type)',
    (draft) => {
      const input = { ...draft, stateKey: draft.stateKey, sender: parseUserId(draft.sender) }
      expect(authTypes(input, version).map(([type]) => type)).not.toContain('m.room.create')
      expect(authTypes(input, version)).toContainEqual(['m.room.power_levels', ''])
    },
  )
})

describe.each(versions('all'))('auth events selection, room version $id', (version) => {
  const third = (signed: Record<string, string | number>) =>
    member(BOB, DAN, 'invite', { third_party_invite: { signed } })
  const via = { join_authorised_via_users_server: CAROL }

  it.each<[string, Draft, string[]]>([
    ['the create event: nothing', stateEvent(BOB, 'm.room.create'), []],
    ['a message: the sender', message(BOB), [`member ${BOB}`]],
    ['state: the sender', stateEvent(BOB, 'm.room.topic', {}, CAROL), [`member ${BOB}`]],
    ['a join: join rules', member(BOB, BOB, 'join'), ['join_rules', `member ${BOB}`]],
    ['a knock: join rules', member(BOB, BOB, 'knock'), ['join_rules', `member ${BOB}`]],
    ['a leave: the member once', member(BOB, BOB, 'leave'), [`member ${BOB}`]],
    ['a kick: both members', member(BOB, DAN, 'leave'), [`member ${BOB}`, `member ${DAN}`]],
    ['a ban: both members', member(BOB, DAN, 'ban'), [`member ${BOB}`, `member ${DAN}`]],
    [
      'an invite: join rules and both members',
      member(BOB, DAN, 'invite'),
      ['join_rules', `member ${BOB}`, `member ${DAN}`],
    ],
    [
      'a third-party invite: the invite with its token',
      third({ token: 'T' }),
      ['join_rules', 'third_party_invite T', `member ${BOB}`, `member ${DAN}`],
    ],
    [
      'a third-party invite whose token is no string: none',
      third({ token: 1 }),
      ['join_rules', `member ${BOB}`, `member ${DAN}`],
    ],
    [
      'a leave that names an authoriser: not the authoriser',
      member(BOB, BOB, 'leave', via),
      [`member ${BOB}`],
    ],
  ])('selects for %s', (_title, draft, expected) => {
    expect(selected(draft, version)).toEqual(expected)
  })

  it('selects the member who authorised a restricted join from version 8', () => {
    const members = [`member ${BOB}`, ...(version.restrictedJoins ? [`member ${CAROL}`] : [])]
    expect(selected(member(BOB, BOB, 'join', via), version)).toEqual(['join_rules', ...members])
  })
})
