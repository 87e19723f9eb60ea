import { describe, expect, it } from 'vitest'
import { isRoomAlias, parseRoomId, type RoomAlias } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import { DEFAULT_ROOM_VERSION } from '#matrix/room-versions/room-version.ts'
import { checkAliases, checkStateContent } from './check-content.ts'

const ROOM = parseRoomId('!here:domain')
const OTHER = parseRoomId('!there:domain')

const resolve = async (alias: RoomAlias) =>
  ({ '#here:domain': ROOM, '#there:domain': OTHER })[String(alias)]

const check = (content: JsonObject, current?: JsonObject) =>
  checkAliases(content, current, ROOM, resolve)

describe('aliases of m.room.canonical_alias', () => {
  it('may be absent or point at the room', async () => {
    await check({})
    await check({ alias: null })
    await check({ alias: '#here:domain', alt_aliases: ['#here:domain'] })
  })

  it.each([
    [{ alias: '#there:domain' }, 'M_BAD_ALIAS'],
    [{ alias: '#nowhere:domain' }, 'M_BAD_ALIAS'],
    [{ alias: '#here:domain', alt_aliases: ['#there:domain'] }, 'M_BAD_ALIAS'],
    [{ alias: 'here' }, 'M_INVALID_PARAM'],
    [{ alias: 5 }, 'M_INVALID_PARAM'],
    [{ alt_aliases: '#here:domain' }, undefined],
    [{ alt_aliases: [{}] }, 'M_INVALID_PARAM'],
  ])('%j: %s', async (content, errcode) => {
    if (errcode === undefined) await check(content)
    else await expect(check(content)).rejects.toMatchObject({ status: 400, errcode })
  })

  it('are not checked again when they are there already', async () => {
    expect(isRoomAlias('#gone:domain')).toBe(true)
    await check({ alias: '#gone:domain' }, { alt_aliases: ['#gone:domain'] })
  })
})

describe('content of state events', () => {
  const state = (type: string, stateKey: string, content: JsonObject) => () =>
    checkStateContent(type, stateKey, content, DEFAULT_ROOM_VERSION)

  it('is free for unknown types', () => {
    expect(state('x', '', { users: 'anything' })).not.toThrow()
  })

  it('of power levels must be levels', () => {
    expect(state('m.room.power_levels', '', { ban: '50' })).toThrow(/ban/)
    expect(state('m.room.power_levels', '', { users: { bob: 1 } })).toThrow(/user ID/)
    expect(state('m.room.power_levels', '', { ban: 50 })).not.toThrow()
  })

  it('of members must have a membership, under a user ID', () => {
    expect(state('m.room.member', '@a:domain', {})).toThrow(/membership/)
    expect(state('m.room.member', 'a', { membership: 'join' })).toThrow(/user ID/)
    expect(state('m.room.member', '@a:domain', { membership: 'join' })).not.toThrow()
  })

  it('is never a redaction', () => {
    expect(state('m.room.redaction', '', { redacts: '$x' })).toThrow(/redaction/)
  })
})
