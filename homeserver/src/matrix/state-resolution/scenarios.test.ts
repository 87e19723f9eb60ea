import { describe, expect, it } from 'vitest'
import { checkAuthEvents } from '../auth-rules/check-auth-events.ts'
import { checkAuth } from '../auth-rules/check-auth.ts'
import { stateLookupOf } from '../auth-rules/state-lookup.ts'
import type { RoomEvent, StateMap } from '../events/pdu.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import { resolveState } from './resolve-state.ts'
import { resolveNaively } from './test-support/naive.ts'
import { ReceivingRoom } from './test-support/receive.ts'
import { readScenarios } from './test-support/scenario.ts'
import type { Scenario } from './test-support/scenario.ts'

const scenarios = readScenarios()

/** Event names in order, for a readable difference. */
const names = (state: StateMap) => [...state.values()].toSorted()

/** An event is sound when its auth_events, as it and they came, are in order and allow it. */
function isSound(event: RoomEvent, { received, version }: Scenario): boolean {
  const authEvents = event.authEvents
    .map((id) => received.get(id))
    .filter((found) => found !== undefined)
  const create = received.values().next().value
  const lookup = stateLookupOf(create === undefined ? authEvents : [create, ...authEvents])
  return (
    checkAuthEvents(event, authEvents, version).allowed &&
    checkAuth(event, lookup, version, { signedBy: () => true }).allowed
  )
}

describe.each(scenarios)('$file: $title', (scenario) => {
  const { version, states, events, received, expected } = scenario

  it('resolves as derived by hand', () => {
    const state = resolveState(version, states, { event: (id) => events.get(id) })
    expect(names(state)).toEqual(names(expected))
    expect(state).toEqual(expected)
  })

  it('resolves so by the word-by-word formulation too', () => {
    expect(names(resolveNaively(version, states, events))).toEqual(names(expected))
  })

  it('resolves so for any order of the states', () => {
    const state = resolveState(version, states.toReversed(), { event: (id) => events.get(id) })
    expect(state).toEqual(expected)
  })

  it('has only events that are sound, or marked as rejected, or rest on such', () => {
    for (const event of received.values()) {
      const doubtful = [event, ...event.authEvents.map((id) => received.get(id))]
      if (doubtful.some((other) => other?.rejected === true)) continue
      expect(isSound(event, scenario), event.eventId).toBe(true)
    }
  })
})

describe.each(scenarios.filter(({ receipts }) => receipts !== undefined))('$file', (scenario) => {
  const { version, states, received, expected, receipts } = scenario

  it('is judged so on receipt', () => {
    const room = new ReceivingRoom(version)
    for (const [id, event] of received) room.receive(event, receipts?.outliers.has(id) === true)
    expect(room.outcomes).toEqual(receipts?.outcomes)
    expect(room.extremities().toSorted()).toEqual(receipts?.extremities.toSorted())
    expect(receipts?.extremities.map((id) => room.stateAfter(id))).toEqual(states)
    expect(room.currentState()).toEqual(expected)
  })
})

it('covers every room version', () => {
  const covered = new Set(scenarios.map(({ version }) => version.id))
  expect(covered).toEqual(new Set(ROOM_VERSIONS.keys()))
})
