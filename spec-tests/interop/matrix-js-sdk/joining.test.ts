import {
  EventType,
  JoinRule,
  Preset,
  RestrictedAllowType,
  type Room,
  RoomType,
} from 'matrix-js-sdk'
import { RoomHierarchy } from 'matrix-js-sdk/lib/room-hierarchy.js'
import { describe, expect, test } from 'vitest'
import { accountName } from '../../target/target.ts'
import { aliceAndBob } from './alice-and-bob.ts'
import type { Device } from './device.ts'
import { until } from './until.ts'

describe('knocks, spaces and upgrades with the SDK', () => {
  let alice: Device
  let bob: Device

  aliceAndBob((all) => ({ alice, bob } = all))

  const serverName = () => alice.userId.slice(alice.userId.indexOf(':') + 1)
  const ruled = (content: object) => ({ type: EventType.RoomJoinRules, state_key: '', content })
  const membership = (room: Room) => room.getMember(bob.userId)?.membership

  async function space(name: string, children: readonly string[] = []): Promise<string> {
    const via = [serverName()]
    const child = (state_key: string) => ({
      type: EventType.SpaceChild,
      state_key,
      content: { via },
    })
    const made = await alice.client.createRoom({
      name,
      preset: Preset.PublicChat,
      creation_content: { type: RoomType.Space },
      initial_state: children.map(child),
    })
    return made.room_id
  }

  test('a knock is heard with its reason, and answered by an invitation or a refusal', async () => {
    const { room_id: id } = await alice.client.createRoom({
      name: 'Club',
      initial_state: [ruled({ join_rule: JoinRule.Knock })],
    })
    const room = await alice.roomAs(id, 'join')
    await expect(bob.client.joinRoom(id)).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' })
    await bob.client.knockRoom(id, { reason: 'May I?' })
    const seen = await bob.roomAs(id, 'knock')
    expect(seen.name).toBe('Club')
    await until('the knock', () => membership(room) === 'knock')
    expect(room.getMember(bob.userId)?.events.member?.getContent()['reason']).toBe('May I?')

    await alice.client.kick(id, bob.userId, 'Not today')
    await bob.roomAs(id, 'leave')
    await bob.client.knockRoom(id, { reason: 'And now?' })
    await until('another knock', () => membership(room) === 'knock')
    await alice.client.invite(id, bob.userId)
    await bob.roomAs(id, 'invite')
    await bob.client.joinRoom(id)
    await until('bob is in', () => membership(room) === 'join')
  })

  test('who is in the space may come in, others may not', async () => {
    const outer = await space('House')
    const allow = [{ type: RestrictedAllowType.RoomMembership, room_id: outer }]
    const { room_id: id } = await alice.client.createRoom({
      name: 'Kitchen',
      initial_state: [ruled({ join_rule: JoinRule.Restricted, allow })],
    })
    await expect(bob.client.joinRoom(id)).rejects.toMatchObject({ errcode: 'M_FORBIDDEN' })
    await bob.client.joinRoom(outer)
    await bob.client.joinRoom(id)
    const room = await bob.roomAs(id, 'join')
    await until('his own event', () => room.getMember(bob.userId)?.events.member)
    const content = room.getMember(bob.userId)?.events.member?.getContent()
    expect(content?.['join_authorised_via_users_server']).toBe(alice.userId)
  })

  test('the rooms below a space are walked through page by page', async () => {
    const open = async (name: string) =>
      (await alice.client.createRoom({ name, preset: Preset.PublicChat })).room_id
    const { room_id: secret } = await alice.client.createRoom({ name: 'Secret' })
    const leaves = [await open('One'), await open('Two')]
    const inner = await space('Inner', [await open('Deep')])
    const outer = await space('Outer', [...leaves, inner, secret])
    await bob.client.joinRoom(outer)
    const root = await bob.roomAs(outer, 'join')
    const hierarchy = new RoomHierarchy(root, 2)
    for (let page = 0; page < 10 && hierarchy.canLoadMore; page++) await hierarchy.load()
    expect(hierarchy.canLoadMore).toBe(false)
    const names = hierarchy.rooms?.map(({ name }) => name) ?? []
    expect(names[0]).toBe('Outer')
    expect(new Set(names)).toEqual(new Set(['Outer', 'One', 'Two', 'Inner', 'Deep']))
    expect(names).toHaveLength(5)
    expect(hierarchy.isSuggested(outer, leaves[0] ?? '')).toBeFalsy()
    const flat = await bob.client.getRoomHierarchy(outer, 50, 1)
    expect(flat.rooms.map(({ name }) => name)).not.toContain('Deep')
  })

  test('an upgraded room leads to its successor, with name, levels and alias', async () => {
    const alias = `#${accountName('attic')}:${serverName()}`
    const { room_id: old } = await alice.client.createRoom({
      name: 'Attic',
      topic: 'Old things',
      room_version: '10',
      preset: Preset.PublicChat,
      room_alias_name: accountName('attic'),
    })
    await bob.client.joinRoom(old)
    await until('bob is in', async () => membership(await alice.room(old)) === 'join')
    await alice.client.setPowerLevel(old, bob.userId, 50)
    const oldRoom = await bob.roomAs(old, 'join')
    await expect(bob.client.upgradeRoom(old, '11')).rejects.toMatchObject({
      errcode: 'M_FORBIDDEN',
    })
    const { replacement_room: id } = await alice.client.upgradeRoom(old, '11')
    await until('the tombstone', () =>
      oldRoom.currentState.getStateEvents(EventType.RoomTombstone, ''),
    )
    const tombstone = oldRoom.currentState.getStateEvents(EventType.RoomTombstone, '')
    expect(tombstone?.getContent()['replacement_room']).toBe(id)
    await bob.client.joinRoom(id)
    const room = await bob.roomAs(id, 'join')
    expect(room.name).toBe('Attic')
    expect(room.getVersion()).toBe('11')
    expect(room.findPredecessor()?.roomId).toBe(old)
    await until('his level', () => room.getMember(bob.userId)?.powerLevel === 50)
    expect((await bob.client.getRoomIdForAlias(alias)).room_id).toBe(id)
    const history = bob.client.getRoomUpgradeHistory(id, true).map(({ roomId }) => roomId)
    expect(history).toEqual([old, id])
  })
})
