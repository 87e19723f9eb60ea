import { describe, expect, it } from 'vitest'
import type { RoomEvent } from '../events/pdu.ts'
import { parseRoomId } from '../ids.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import { checkAuthEvents } from './check-auth-events.ts'
import { createEventIdOf } from './create-event-id.ts'
import { stateOf } from './test-support/cases.ts'
import { ALICE, BOB, CAROL, message, stateEvent, toEvent } from './test-support/room.ts'

describe.each([...ROOM_VERSIONS.values()])('the auth_events of room version $id', (version) => {
  const state = stateOf(version.id)
  const named = (type: string, key = ''): RoomEvent => {
    const event = state.get(`${type}\0${key}`)
    if (event === undefined) throw new Error(`The base room lacks ${type}`)
    return event
  }
  const create = named('m.room.create')
  const levels = named('m.room.power_levels')
  const bob = named('m.room.member', BOB)
  const right = version.roomIdIsCreateHash ? [levels, bob] : [create, levels, bob]
  const check = (authEvents: readonly RoomEvent[]) =>
    checkAuthEvents(
      { ...toEvent(message(BOB), version), authEvents: authEvents.map(({ eventId }) => eventId) },
      authEvents,
      version,
    ).allowed
  const anotherId = createEventIdOf(parseRoomId(`!${'Z'.repeat(43)}`))

  it('are right as selected', () => {
    expect(check(right)).toBe(true)
  })

  it('may lack what the sender has no use for', () => {
    expect(check(right.filter((event) => event !== levels))).toBe(true)
  })

  it('need the create event up to version 11, and refuse it from 12', () => {
    expect(check([create, levels, bob])).toBe(!version.roomIdIsCreateHash)
    expect(check([levels, bob])).toBe(version.roomIdIsCreateHash)
  })

  it('refuse an event beyond the selection', () => {
    expect(check([...right, named('m.room.join_rules')])).toBe(false)
    expect(check([...right, named('m.room.member', CAROL)])).toBe(false)
  })

  it('refuse two events for the same state', () => {
    expect(check([...right, { ...levels, eventId: anotherId }])).toBe(false)
  })

  it('refuse the same event twice', () => {
    const event = { ...toEvent(message(BOB), version), authEvents: [bob.eventId, bob.eventId] }
    expect(checkAuthEvents(event, [bob], version).allowed).toBe(false)
    expect(check([...right, bob])).toBe(false)
  })

  it('refuse an event that is no state', () => {
    expect(check([...right.slice(0, -1), { ...bob, stateKey: undefined }])).toBe(false)
  })

  it('refuse a rejected event', () => {
    expect(check([...right.slice(0, -1), { ...bob, rejected: true }])).toBe(false)
  })

  it('refuse an event of another room', () => {
    const roomId = parseRoomId(`!${'Y'.repeat(43)}`)
    expect(check([...right.slice(0, -1), { ...bob, roomId }])).toBe(false)
  })

  it('refuse an event that was not found', () => {
    const event = {
      ...toEvent(message(BOB), version),
      authEvents: [...right.map(({ eventId }) => eventId), anotherId],
    }
    expect(checkAuthEvents(event, right, version).allowed).toBe(false)
  })

  it('do not count for the create event', () => {
    const event = toEvent(stateEvent(ALICE, 'm.room.create', { creator: ALICE }), version)
    expect(checkAuthEvents(event, [], version).allowed).toBe(true)
  })
})
