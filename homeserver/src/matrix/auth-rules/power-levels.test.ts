import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { PowerLevels } from './power-levels.ts'
import { versionsIn } from './test-support/cases.ts'
import { ALICE, BOB, CAROL, levels, stateEvent, toEvent } from './test-support/room.ts'

function powerLevels(version: RoomVersion, content?: JsonObject, create: JsonObject = {}) {
  const event = content && toEvent(levels(ALICE, content), version)
  const room = stateEvent(ALICE, 'm.room.create', { creator: ALICE, ...create })
  return new PowerLevels(event, toEvent(room, version), version)
}

const versions = (range: string): RoomVersion[] =>
  [...ROOM_VERSIONS.values()].filter(({ id }) => versionsIn(range).includes(id))

describe.each(versions('all'))('power levels of room version $id', (version) => {
  it.each([
    ['without an event', powerLevels(version)],
    ['with an empty event', powerLevels(version, {})],
  ])('have their defaults %s', (_title, found) => {
    expect(found.levelFor('ban')).toBe(50)
    expect(found.levelFor('kick')).toBe(50)
    expect(found.levelFor('redact')).toBe(50)
    expect(found.levelFor('invite')).toBe(0)
    expect(found.levelToSend('m.room.topic', true)).toBe(50)
    expect(found.levelToSend('m.room.message', false)).toBe(0)
    expect(found.notificationLevel('room')).toBe(50)
    expect(found.levelOf(BOB)).toBe(0)
  })

  it('are what the event says', () => {
    const found = powerLevels(version, {
      ban: 1,
      kick: 2,
      redact: 3,
      invite: 4,
      state_default: 5,
      events_default: 6,
      users_default: 7,
      events: { 'm.room.topic': 8 },
      users: { [BOB]: 9 },
      notifications: { room: 10 },
    })
    const named = (['ban', 'kick', 'redact', 'invite'] as const).map((name) => found.levelFor(name))
    expect(named).toEqual([1, 2, 3, 4])
    expect(found.levelToSend('m.room.name', true)).toBe(5)
    expect(found.levelToSend('m.room.message', false)).toBe(6)
    expect(found.levelOf(CAROL)).toBe(7)
    expect(found.levelToSend('m.room.topic', true)).toBe(8)
    expect(found.levelToSend('m.room.topic', false)).toBe(8)
    expect(found.levelOf(BOB)).toBe(9)
    expect(found.notificationLevel('room')).toBe(10)
    expect(found.notificationLevel('other')).toBe(50)
  })

  it('do not find inherited properties', () => {
    const found = powerLevels(version, { events: {}, users: {} })
    expect(found.levelToSend('constructor', false)).toBe(0)
    expect(found.levelToSend('__proto__', true)).toBe(50)
  })

  it('count what is no level as absent', () => {
    const found = powerLevels(version, { ban: 'high', users: [100], events: null })
    expect(found.levelFor('ban')).toBe(50)
    expect(found.levelOf('0')).toBe(0)
    expect(found.levelToSend('m.room.topic', true)).toBe(50)
  })
})

describe.each(versions('3-11'))("the creator's level of room version $id", (version) => {
  it('is 100 only without an event', () => {
    expect(powerLevels(version).levelOf(ALICE)).toBe(100)
    expect(powerLevels(version, {}).levelOf(ALICE)).toBe(0)
    expect(powerLevels(version, { users: { [ALICE]: 20 } }).levelOf(ALICE)).toBe(20)
  })

  it('goes to content.creator up to version 10, to the sender from 11', () => {
    const found = powerLevels(version, undefined, { creator: BOB })
    expect(found.levelOf(BOB)).toBe(version.implicitCreator ? 0 : 100)
    expect(found.levelOf(ALICE)).toBe(version.implicitCreator ? 100 : 0)
  })

  it('is not shared with additional creators', () => {
    const found = powerLevels(version, undefined, { additional_creators: [BOB] })
    expect(found.levelOf(BOB)).toBe(0)
  })
})

describe.each(versions('12'))("the creators' level of room version $id", (version) => {
  it.each<[string, JsonObject | undefined, number]>([
    ['without an event', undefined, 0],
    ['with one', { users_default: 10 }, 10],
    ['with one that names them', { users: { [ALICE]: 0, [BOB]: 0 } }, 0],
  ])('is infinite %s', (_title, content, others) => {
    const found = powerLevels(version, content, { additional_creators: [BOB] })
    expect(found.levelOf(ALICE)).toBe(Infinity)
    expect(found.levelOf(BOB)).toBe(Infinity)
    expect(found.levelOf(CAROL)).toBe(others)
  })
})

describe.each(versions('3-9'))('levels in strings, room version $id', (version) => {
  it.each([
    ['100', 100],
    ['000100', 100],
    ['+100', 100],
    ['-100', -100],
    ['  00100 ', 100],
    [' -1\t', -1],
    ['1e2', 0],
    ['0x10', 0],
    ['1 0', 0],
    ['+ 1', 0],
    ['٣', 0],
  ])('reads %j as %d', (text, level) => {
    expect(powerLevels(version, { users: { [BOB]: text } }).levelOf(BOB)).toBe(level)
  })
})

describe.each(versions('10+'))('levels in strings, room version $id', (version) => {
  it('are not read', () => {
    expect(powerLevels(version, { users: { [BOB]: '100' } }).levelOf(BOB)).toBe(0)
  })
})

describe('fractional levels', () => {
  it.each([
    [50.57, 50],
    [-50.57, -50],
    [-0.5, 0],
    [51146.98, 51146],
  ])('are cut off up to version 5: %d is %d', (value, level) => {
    for (const version of versions('3-5')) {
      expect(powerLevels(version, { users: { [BOB]: value } }).levelOf(BOB)).toBe(level)
    }
  })
})
