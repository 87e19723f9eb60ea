import { describe, expect, it } from 'vitest'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject } from '#matrix/json.ts'
import { isRoomAlias, parseUserId } from '#matrix/ids.ts'
import { ROOM_VERSIONS } from '#matrix/room-versions/room-version.ts'
import type { CreateRoomOptions } from './options.ts'
import { roomEvents } from './room-events.ts'

const CREATOR = parseUserId('@alice:domain')
const BOB = parseUserId('@bob:domain')
const CAROL = parseUserId('@carol:domain')

function versionOf(id: string) {
  const version = ROOM_VERSIONS.get(id)
  if (version === undefined) throw new Error(`no version ${id}`)
  return version
}

function aliasOf(text: string) {
  if (!isRoomAlias(text)) throw new Error(`no alias ${text}`)
  return text
}

function eventsOf(options: CreateRoomOptions, version = '12') {
  return roomEvents({
    options,
    version: versionOf(version),
    creator: CREATOR,
    alias: options.room_alias_name === undefined ? undefined : aliasOf('#name:domain'),
    join: { membership: 'join' },
    invites: (options.invite ?? []).map((target) => ({
      target,
      content: { membership: 'invite' },
    })),
  })
}

const contentOf = (events: ReturnType<typeof eventsOf>, type: string) =>
  events.findLast((event) => event.type === type)?.content

const typesOf = (events: ReturnType<typeof eventsOf>) => events.map((event) => event.type)

describe('the first events of a room', () => {
  it('come in the order of the specification', () => {
    const events = eventsOf({
      room_alias_name: 'name',
      name: 'Name',
      topic: 'Topic',
      invite: [BOB],
      initial_state: [{ type: 'm.room.encryption', content: { algorithm: 'x' } }],
    })
    expect(events.map(({ type, stateKey }) => [type, stateKey])).toEqual([
      ['m.room.create', ''],
      ['m.room.member', CREATOR],
      ['m.room.power_levels', ''],
      ['m.room.canonical_alias', ''],
      ['m.room.join_rules', ''],
      ['m.room.history_visibility', ''],
      ['m.room.guest_access', ''],
      ['m.room.encryption', ''],
      ['m.room.name', ''],
      ['m.room.topic', ''],
      ['m.room.member', BOB],
    ])
  })

  it.each([
    ['private_chat', 'invite', 'can_join'],
    ['trusted_private_chat', 'invite', 'can_join'],
    ['public_chat', 'public', 'forbidden'],
  ] as const)('preset %s sets join rule %s and guest access %s', (preset, joinRule, guests) => {
    for (const version of ROOM_VERSIONS.keys()) {
      const events = eventsOf({ preset }, version)
      expect(contentOf(events, 'm.room.join_rules')).toEqual({ join_rule: joinRule })
      expect(contentOf(events, 'm.room.guest_access')).toEqual({ guest_access: guests })
      expect(contentOf(events, 'm.room.history_visibility')).toEqual({
        history_visibility: 'shared',
      })
    }
  })

  it('takes the preset from the visibility when none is given', () => {
    const joinRule = (options: CreateRoomOptions) =>
      contentOf(eventsOf(options), 'm.room.join_rules')
    expect(joinRule({})).toEqual({ join_rule: 'invite' })
    expect(joinRule({ visibility: 'private' })).toEqual({ join_rule: 'invite' })
    expect(joinRule({ visibility: 'public' })).toEqual({ join_rule: 'public' })
    expect(joinRule({ visibility: 'public', preset: 'private_chat' })).toEqual({
      join_rule: 'invite',
    })
  })

  it('lets initial_state replace what the preset sets, and nothing else of it', () => {
    const events = eventsOf({
      initial_state: [
        { type: 'm.room.join_rules', content: { join_rule: 'knock' } },
        { type: 'm.room.guest_access', state_key: 'x', content: {} },
      ],
    })
    expect(typesOf(events).filter((type) => type === 'm.room.join_rules')).toHaveLength(1)
    expect(contentOf(events, 'm.room.join_rules')).toEqual({ join_rule: 'knock' })
    expect(events).toContainEqual({
      type: 'm.room.guest_access',
      stateKey: '',
      content: { guest_access: 'can_join' },
    })
  })

  it('lets name and topic come after initial_state', () => {
    const types = typesOf(
      eventsOf({ name: 'n', initial_state: [{ type: 'm.room.name', content: { name: 'old' } }] }),
    )
    expect(types.filter((type) => type === 'm.room.name')).toHaveLength(2)
    expect(types.at(-1)).toBe('m.room.name')
  })

  it('writes the topic both plain and as rich text', () => {
    expect(contentOf(eventsOf({ topic: 'T' }), 'm.room.topic')).toEqual({
      topic: 'T',
      'm.topic': { 'm.text': [{ body: 'T', mimetype: 'text/plain' }] },
    })
  })
})

describe('m.room.create', () => {
  const create = (options: CreateRoomOptions, version?: string) =>
    contentOf(eventsOf(options, version), 'm.room.create')

  it('names the creator up to room version 10 and nobody later', () => {
    for (const id of ROOM_VERSIONS.keys()) {
      const content = create({ creation_content: { creator: '@eve:domain' } }, id)
      expect(content).toEqual({
        room_version: id,
        ...(Number(id) <= 10 && { creator: CREATOR }),
      })
    }
  })

  it('keeps what the client adds and overwrites the room version', () => {
    const creation_content = { 'm.federate': false, type: 'm.space', room_version: '1', x: [1] }
    expect(create({ creation_content })).toEqual({
      'm.federate': false,
      type: 'm.space',
      room_version: '12',
      x: [1],
    })
  })

  it('keeps a key named __proto__ as data', () => {
    const creation_content = parseJson('{"__proto__":{"x":1}}')
    if (!isJsonObject(creation_content)) throw new Error('not an object')
    expect(JSON.stringify(create({ creation_content }))).toContain('"__proto__":{"x":1}')
  })

  it('makes invited users of a trusted chat creators in version 12, each once', () => {
    const options: CreateRoomOptions = {
      preset: 'trusted_private_chat',
      invite: [BOB, CAROL],
      creation_content: { additional_creators: [CAROL] },
    }
    expect(create(options)).toMatchObject({ additional_creators: [CAROL, BOB] })
    expect(create({ ...options, preset: 'private_chat' })).toMatchObject({
      additional_creators: [CAROL],
    })
    expect(create({ preset: 'trusted_private_chat', invite: [BOB] }, '11')).not.toHaveProperty(
      'additional_creators',
    )
  })
})

describe('m.room.power_levels', () => {
  const levels = (options: CreateRoomOptions, version?: string) =>
    contentOf(eventsOf(options, version), 'm.room.power_levels')

  it('lists the creator up to room version 11 and never in 12', () => {
    for (const id of ROOM_VERSIONS.keys()) {
      expect(levels({}, id)?.['users']).toEqual(id === '12' ? {} : { [CREATOR]: 100 })
    }
  })

  it('raises invited users of a trusted chat before version 12', () => {
    const options = { preset: 'trusted_private_chat', invite: [BOB] } as const
    expect(levels(options, '11')?.['users']).toEqual({ [CREATOR]: 100, [BOB]: 100 })
    expect(levels(options, '12')?.['users']).toEqual({})
    expect(levels({ ...options, preset: 'private_chat' }, '11')?.['users']).toEqual({
      [CREATOR]: 100,
    })
  })

  it('puts tombstones above state_default in version 12, whatever is overridden', () => {
    expect(levels({})).toMatchObject({ events: { 'm.room.tombstone': 150 } })
    expect(levels({}, '11')).toMatchObject({ events: { 'm.room.tombstone': 100 } })
    const override = { events: { 'm.room.name': 0 }, state_default: 200 }
    expect(levels({ power_level_content_override: override })?.['events']).toEqual({
      'm.room.name': 0,
      'm.room.tombstone': 201,
    })
    expect(
      levels({ power_level_content_override: { events: { 'm.room.tombstone': 120 } } })?.['events'],
    ).toEqual({ 'm.room.tombstone': 120 })
  })

  it('lets everybody take part in calls', () => {
    expect(levels({})).toMatchObject({ events: { 'org.matrix.msc3401.call.member': 0 } })
  })

  it('replaces whole properties by the override', () => {
    const content = levels({ power_level_content_override: { users: { [BOB]: 50 }, ban: 1 } }, '11')
    expect(content).toMatchObject({ users: { [BOB]: 50 }, ban: 1, kick: 50 })
    expect(content?.['users']).not.toHaveProperty(CREATOR)
  })
})
