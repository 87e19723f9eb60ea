import { EventType, HistoryVisibility, JoinRule, Preset, type Room } from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { register } from '../../target/user.ts'
import { Device } from './device.ts'
import { until } from './until.ts'

describe('rooms made with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let alice: Device
  let bobId: string

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    bobId = (await register(http, 'bob')).userId
    alice = await Device.newcomer(target.url, http, 'alice')
  })

  afterAll(async () => {
    await alice?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  const levelIn = (room: Room, userId: string): number | undefined =>
    room.getMember(userId)?.powerLevel

  test.each([
    [Preset.PrivateChat, JoinRule.Invite, HistoryVisibility.Shared, 0],
    [Preset.TrustedPrivateChat, JoinRule.Invite, HistoryVisibility.Shared, 100],
    [Preset.PublicChat, JoinRule.Public, HistoryVisibility.Shared, 0],
  ])('version 11, %s', async (preset, joinRule, visibility, level) => {
    const { room_id: id } = await alice.client.createRoom({
      preset,
      room_version: '11',
      invite: [bobId],
      name: `A ${preset}`,
      topic: 'All about it',
    })
    const room = await alice.roomAs(id, 'join')
    await until('the invitation', () => room.getMember(bobId)?.membership === 'invite')
    expect(room.getVersion()).toBe('11')
    expect(room.name).toBe(`A ${preset}`)
    expect(room.getJoinRule()).toBe(joinRule)
    expect(room.getHistoryVisibility()).toBe(visibility)
    expect(levelIn(room, bobId)).toBe(level)
    expect(levelIn(room, alice.userId)).toBe(100)
    const topic = room.currentState.getStateEvents(EventType.RoomTopic, '')
    expect(topic?.getContent()['topic']).toBe('All about it')
  })

  test.each([
    ['10', 100],
    ['11', 100],
    ['12', Number.POSITIVE_INFINITY],
  ])('version %s: the creator may do everything', async (version, level) => {
    const { room_id: id } = await alice.client.createRoom({ room_version: version })
    const room = await alice.roomAs(id, 'join')
    expect(room.getVersion()).toBe(version)
    expect(room.getCreator()).toBe(alice.userId)
    await until('her level', () => levelIn(room, alice.userId) === level)
    expect(id.includes(':')).toBe(version !== '12')
    await alice.client.sendStateEvent(id, EventType.RoomTombstone, {
      body: 'moved',
      replacement_room: '!elsewhere:example.org',
    })
  })

  test('version 12 is the default, and a trusted chat makes the invited creators', async () => {
    const { room_id: id } = await alice.client.createRoom({
      preset: Preset.TrustedPrivateChat,
      invite: [bobId],
      is_direct: true,
    })
    const room = await alice.roomAs(id, 'join')
    await until('the invitation', () => room.getMember(bobId)?.membership === 'invite')
    expect(room.getVersion()).toBe('12')
    const create = room.currentState.getStateEvents(EventType.RoomCreate, '')
    expect(create?.getContent()['additional_creators']).toEqual([bobId])
    expect(room.getMember(bobId)?.getDMInviter()).toBe(alice.userId)
  })

  test('initial state, creation content and levels are what was asked for', async () => {
    const { room_id: id } = await alice.client.createRoom({
      initial_state: [
        { type: EventType.RoomGuestAccess, state_key: '', content: { guest_access: 'forbidden' } },
        { type: 'org.example.state', state_key: 'key', content: { a: 1 } },
      ],
      creation_content: { 'm.federate': false },
      power_level_content_override: { events_default: 10 },
    })
    const room = await alice.roomAs(id, 'join')
    const content = (type: string, key = ''): unknown =>
      room.currentState.getStateEvents(type, key)?.getContent()
    await until('the state', () => content('org.example.state', 'key'))
    expect(content('org.example.state', 'key')).toEqual({ a: 1 })
    expect(content(EventType.RoomGuestAccess)).toEqual({ guest_access: 'forbidden' })
    expect(content(EventType.RoomCreate)).toMatchObject({ 'm.federate': false })
    expect(content(EventType.RoomPowerLevels)).toMatchObject({ events_default: 10 })
  })

  test('an unknown room version is refused by name', async () => {
    await expect(alice.client.createRoom({ room_version: '999' })).rejects.toMatchObject({
      errcode: 'M_UNSUPPORTED_ROOM_VERSION',
      httpStatus: 400,
    })
  })
})
