import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RoomEvent, StateMap } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { authChainIds } from './auth-chain.ts'
import { resolveState } from './resolve-state.ts'
import { resolveNaively } from './test-support/naive.ts'
import { PlayedRoom } from './test-support/play-room.ts'
import { roomPlan } from './test-support/random-room.ts'

type Events = ReadonlyMap<EventId, RoomEvent>

function resolve(version: RoomVersion, states: readonly StateMap[], events: Events): StateMap {
  return resolveState(version, states, { event: (id) => events.get(id) })
}

/** Resolves by both formulations, which must agree. */
function resolveTwice(version: RoomVersion, states: readonly StateMap[], events: Events): StateMap {
  const state = resolve(version, states, events)
  expect(state).toEqual(resolveNaively(version, states, events))
  return state
}

const RUNS = { numRuns: 150 }

describe.each([
  ['v2', ['3', '6', '7', '10', '11']],
  ['v2.1', ['12']],
])('state resolution %s on random rooms', (_name, versionIds) => {
  const plans = roomPlan(versionIds)

  it('agrees with the word-by-word formulation at every merge', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const room = new PlayedRoom(plan, resolveTwice)
        resolveTwice(room.version, room.statesAfter(plan.ends), room.events)
      }),
      RUNS,
    )
  })

  it('gives the same state for any order and repetition of the states', () => {
    fc.assert(
      fc.property(plans, fc.nat(5), (plan, shift) => {
        const room = new PlayedRoom(plan, resolve)
        const states = room.statesAfter(plan.ends)
        const expected = resolve(room.version, states, room.events)
        const turned = [
          ...states.slice(shift % states.length),
          ...states.slice(0, shift % states.length),
        ]
        for (const other of [states.toReversed(), turned, [...states, ...turned]]) {
          expect(resolve(room.version, other, room.events)).toEqual(expected)
        }
      }),
      RUNS,
    )
  })

  it('leaves a state alone that it resolves with itself', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const room = new PlayedRoom(plan, resolve)
        const once = resolve(room.version, room.statesAfter(plan.ends), room.events)
        expect(resolve(room.version, [once, once, once], room.events)).toEqual(once)
        expect(resolve(room.version, [once], room.events)).toEqual(once)
      }),
      RUNS,
    )
  })

  it('keeps what all agree on and adds only events of the states and their auth chains', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const room = new PlayedRoom(plan, resolve)
        const states = room.statesAfter(plan.ends)
        const result = resolve(room.version, states, room.events)
        const [first, ...others] = states
        for (const [key, id] of first ?? []) {
          if (others.every((state) => state.get(key) === id)) expect(result.get(key)).toBe(id)
        }
        const inputs = new Set(states.flatMap((state) => [...state.values()]))
        const known = new Set([...inputs, ...authChainIds(inputs, (id) => room.events.get(id))])
        for (const id of result.values()) expect(known.has(id)).toBe(true)
      }),
      RUNS,
    )
  })
})
