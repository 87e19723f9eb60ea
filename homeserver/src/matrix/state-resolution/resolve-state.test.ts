import { beforeAll, describe, expect, it } from 'vitest'
import type { StateMap } from '../events/pdu.ts'
import { stateKeyString } from '../events/state-key.ts'
import type { EventId } from '../ids.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import { authChainGaps, authChainIds } from './auth-chain.ts'
import { MissingEventError } from './event-source.ts'
import { resolveState } from './resolve-state.ts'
import { LongRoom } from './test-support/long-room.ts'

const version = ROOM_VERSIONS.get('11')
if (version === undefined) throw new Error('Room version 11 is missing.')

/** Two branches after the same history, each with a topic, and which topic is the later one. */
function fork(room: LongRoom): { states: StateMap[]; later: EventId } {
  const base = room.state()
  room.append('m.room.topic', '', room.admin, { topic: 'one' })
  const one = room.state()
  room.forkFrom(base)
  const later = room.append('m.room.topic', '', room.admin, { topic: 'two' })
  return { states: [one, room.state()], later }
}

describe('state-res DoS: resolving states of 10,000 keys with a small conflict', () => {
  const room = new LongRoom()
  beforeAll(() => room.join(10_000))

  it('looks each event up a bounded number of times', () => {
    const { states, later } = fork(room)
    let looks = 0
    const event = (id: EventId) => {
      looks++
      return room.events.get(id)
    }
    const state = resolveState(version, states, { event })
    expect(state.get(stateKeyString('m.room.topic', ''))).toBe(later)
    expect(state.size).toBe(states[0]?.size)
    expect(looks).toBeLessThan(200)
  })

  it('walks the unconflicted part once when the auth chains differ', () => {
    const base = room.state()
    room.append('m.room.power_levels', '', room.admin, { users: { [room.admin]: 100 }, ban: 60 })
    room.append('m.room.topic', '', room.admin, { topic: 'three' })
    const one = room.state()
    room.forkFrom(base)
    room.append('m.room.topic', '', room.admin, { topic: 'four' })
    let looks = 0
    const event = (id: EventId) => {
      looks++
      return room.events.get(id)
    }
    const state = resolveState(version, [one, room.state()], { event })
    expect(state.get(stateKeyString('m.room.topic', ''))).toBe(
      one.get(stateKeyString('m.room.topic', '')),
    )
    expect(looks).toBeLessThan(2 * room.events.size)
  })
})

describe('resolving with an auth chain 20,000 events deep', () => {
  const room = new LongRoom()
  beforeAll(() => room.changeLevels(20_000))

  it.each(['11', '12'])('neither overflows the stack nor repeats the walk (version %s)', (id) => {
    const base = room.state()
    room.append('m.room.power_levels', '', room.admin, { users: { [room.admin]: 100 }, ban: 60 })
    const one = room.state()
    room.forkFrom(base)
    const levels = { users: { [room.admin]: 100 }, kick: 60 }
    const later = room.append('m.room.power_levels', '', room.admin, levels)
    let looks = 0
    const event = (eventId: EventId) => {
      looks++
      return room.events.get(eventId) ?? room.events.values().next().value
    }
    const chosen = ROOM_VERSIONS.get(id) ?? version
    const state = resolveState(chosen, [one, room.state()], { event })
    if (id === '11') expect(state.get(stateKeyString('m.room.power_levels', ''))).toBe(later)
    expect(looks).toBeLessThan(30 * room.events.size)
  })

  it('has every event but the last in the auth chain', () => {
    const last = room.state().get(stateKeyString('m.room.power_levels', ''))
    const chain = authChainIds(last === undefined ? [] : [last], (id) => room.events.get(id))
    expect(last !== undefined && chain.has(last)).toBe(false)
    expect(chain.size).toBeGreaterThan(20_000)
  })
})

describe('what has to be loaded', () => {
  it('is told in batches, each followed by what it leads to', () => {
    const room = new LongRoom()
    room.changeLevels(5)
    const { states } = fork(room)
    const ids = new Set(states.flatMap((state) => [...state.values()]))
    const loaded = new Map([...room.events].filter(() => false))
    const batches: EventId[][] = []
    for (const batch of authChainGaps(ids, (id) => loaded.get(id))) {
      batches.push(batch)
      for (const id of batch) {
        const found = room.events.get(id)
        if (found !== undefined) loaded.set(id, found)
      }
    }
    expect(new Set(batches.flat())).toEqual(new Set(room.events.keys()))
    expect(batches.flat().length).toBe(room.events.size)
    expect(() => resolveState(version, states, { event: (id) => loaded.get(id) })).not.toThrow()
  })

  it('is nothing when everything is there', () => {
    const room = new LongRoom()
    expect([...authChainGaps(room.state().values(), (id) => room.events.get(id))]).toEqual([])
  })

  it('fails by name when a batch was not loaded', () => {
    const room = new LongRoom()
    const gaps = authChainGaps(room.state().values(), () => undefined)
    gaps.next()
    expect(() => gaps.next()).toThrow(MissingEventError)
  })

  it('fails a resolution by name when it is missing', () => {
    const { states } = fork(new LongRoom())
    expect(() => resolveState(version, states, { event: () => undefined })).toThrow(
      MissingEventError,
    )
  })
})

describe('simple cases', () => {
  it('resolve no state to an empty one', () => {
    expect(resolveState(version, [], { event: () => undefined }).size).toBe(0)
  })

  it('need no event when the states agree', () => {
    const state = new LongRoom().state()
    expect(resolveState(version, [state, state], { event: () => undefined })).toEqual(state)
  })

  it('leave the given states alone', () => {
    const room = new LongRoom()
    const { states } = fork(room)
    const copies = states.map((state) => new Map(state))
    resolveState(version, states, { event: (id) => room.events.get(id) })
    expect(states).toEqual(copies)
  })
})
