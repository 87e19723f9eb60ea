import { describe, expect, it } from 'vitest'
import type { RoomEvent } from '../events/pdu.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { authTypes } from './auth-types.ts'
import { judgeReceived } from './judge-received.ts'
import type { ReceivedEvent } from './judge-received.ts'
import { stateLookupOf } from './state-lookup.ts'
import { stateOf } from './test-support/cases.ts'
import { ALICE, BOB, CAROL, DAN, has, hasLevels, joinRule } from './test-support/room.ts'
import { member, message, stateEvent, toEvent } from './test-support/room.ts'
import type { Draft, Given } from './test-support/room.ts'

// The scenarios of state resolution play whole rooms; here is what they cannot say.
const NOBODY = stateLookupOf([])

/** An event that cites a state as the selection wants and is judged by the same state throughout. */
function arriving(draft: Draft, version: RoomVersion, ...given: readonly Given[]): ReceivedEvent {
  const state = stateOf(version.id, ...given)
  const lookup = stateLookupOf(state.values())
  const event = toEvent(draft, version)
  const authEvents = authTypes(event, version)
    .map(([type, stateKey]) => lookup(type, stateKey))
    .filter((found) => found !== undefined)
  return {
    event: { ...event, authEvents: authEvents.map(({ eventId }) => eventId) },
    version,
    authEvents,
    create: lookup('m.room.create', ''),
    before: lookup,
    current: lookup,
  }
}

/** The base room with Bob banned. */
const bannedIn = (version: RoomVersion) =>
  stateLookupOf(stateOf(version.id, has(member(ALICE, BOB, 'ban'))).values())

describe.each([...ROOM_VERSIONS.values()])('judging on receipt, room version $id', (version) => {
  const topic = stateEvent(BOB, 'm.room.topic')

  it('accepts what auth_events, state before and current state allow', () => {
    expect(judgeReceived(arriving(topic, version))).toEqual({ outcome: 'accepted' })
    expect(judgeReceived(arriving(message(CAROL), version))).toEqual({ outcome: 'accepted' })
  })

  it('soft-fails what the current state alone forbids', () => {
    const received = { ...arriving(topic, version), current: bannedIn(version) }
    expect(judgeReceived(received)).toEqual({
      outcome: 'soft-failed',
      reason: 'The sender is not in the room.',
    })
  })

  it('rejects what the state before forbids, whatever the current state says', () => {
    const received = { ...arriving(topic, version), before: bannedIn(version) }
    expect(judgeReceived(received).outcome).toBe('rejected')
    expect(judgeReceived({ ...received, current: bannedIn(version) }).outcome).toBe('rejected')
  })

  it('rejects what the auth_events forbid, whatever the states say', () => {
    const received = arriving(topic, version, hasLevels({ users: {} }))
    const allowing = stateLookupOf(stateOf(version.id).values())
    const { outcome } = judgeReceived({ ...received, before: allowing, current: allowing })
    expect(outcome).toBe('rejected')
  })

  it('rejects an event of whose auth_events one is not known', () => {
    const received = arriving(topic, version)
    const authEvents = received.authEvents.filter(({ type }) => type !== 'm.room.power_levels')
    const verdict = judgeReceived({ ...received, authEvents })
    expect(verdict).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('is not known'),
    })
  })

  it('judges an outlier by its auth_events alone', () => {
    const known = { ...arriving(topic, version), before: undefined, current: NOBODY }
    expect(judgeReceived(known).outcome).toBe('accepted')
    const powerless = arriving(stateEvent(CAROL, 'm.room.topic'), version)
    expect(judgeReceived({ ...powerless, before: undefined }).outcome).toBe('rejected')
  })

  it('accepts a create event with no state before it', () => {
    const create = stateEvent(ALICE, 'm.room.create', { creator: ALICE, room_version: version.id })
    const event = toEvent(create, version)
    const states = { before: NOBODY, current: NOBODY }
    const received = { event, version, authEvents: [], create: undefined, ...states }
    expect(judgeReceived(received).outcome).toBe('accepted')
  })

  it('rejects everything in a room whose create event was rejected', () => {
    const received = arriving(message(ALICE), version)
    const rejected = (event: RoomEvent) =>
      event.type === 'm.room.create' ? { ...event, rejected: true } : event
    const create = received.create && rejected(received.create)
    const authEvents = received.authEvents.map(rejected)
    expect(judgeReceived({ ...received, create, authEvents }).outcome).toBe('rejected')
  })
})

describe.each(['8', '12'])('a restricted join on receipt, room version %s', (id) => {
  const version = ROOM_VERSIONS.get(id)
  if (version === undefined) throw new RangeError(`No room version ${id}`)
  const join = member(DAN, DAN, 'join', { join_authorised_via_users_server: BOB })
  const received = arriving(join, version, joinRule('restricted'))

  it('is rejected without the signature of the authorising server', () => {
    expect(judgeReceived(received).outcome).toBe('rejected')
  })

  it('is accepted with it', () => {
    const options = { signedBy: (server: string) => server === 'b.org' }
    expect(judgeReceived({ ...received, options }).outcome).toBe('accepted')
  })
})
