import type { RoomEvent } from '../../events/pdu.ts'
import { parseRoomId, parseUserId } from '../../ids.ts'
import type { EventId } from '../../ids.ts'
import type { JsonObject } from '../../json.ts'
import type { RoomVersion } from '../../room-versions/room-version.ts'
import { createEventIdOf } from '../create-event-id.ts'

/*
 * The base room: alice made it, admin has 100, bob and eve have 50, carol 0, all joined; zed has 50
 * and is not in the room; frank is invited, gina banned, ivy left; dan was never there.
 */
export const ALICE = '@alice:a.org'
export const ADMIN = '@admin:a.org'
export const BOB = '@bob:b.org'
export const EVE = '@eve:b.org'
export const CAROL = '@carol:c.org'
export const DAN = '@dan:d.org'
export const FRANK = '@frank:d.org'
export const GINA = '@gina:d.org'
export const HAL = '@hal:d.org'
export const IVY = '@ivy:d.org'
export const ZED = '@zed:d.org'

const HASH = 'C'.repeat(43)

export type State = Map<string, RoomEvent>
/** A change of the base room. */
export type Given = (state: State, version: RoomVersion) => void

export interface Draft {
  readonly type: string
  readonly stateKey?: string
  readonly sender: string
  readonly content: JsonObject
  readonly prevEvents?: readonly EventId[]
  readonly roomId?: string
}

export const CREATE_ID: EventId = createEventIdOf(parseRoomId(`!${HASH}`))
const OTHER_ID: EventId = createEventIdOf(parseRoomId(`!${'P'.repeat(43)}`))

function roomIdFor(version: RoomVersion): string {
  return version.roomIdIsCreateHash ? `!${HASH}` : '!room:a.org'
}

export function toEvent(draft: Draft, version: RoomVersion): RoomEvent {
  const isCreate = draft.type === 'm.room.create'
  const name = `${draft.type}-${draft.stateKey ?? ''}`.replaceAll(/[^a-z]/g, '').padEnd(43, 'x')
  return {
    eventId: isCreate ? CREATE_ID : createEventIdOf(parseRoomId(`!${name.slice(0, 43)}`)),
    roomId: parseRoomId(draft.roomId ?? roomIdFor(version)),
    type: draft.type,
    stateKey: draft.stateKey,
    sender: parseUserId(draft.sender),
    content: draft.content,
    originServerTs: 1,
    depth: 1,
    prevEvents: draft.prevEvents ?? (isCreate ? [] : [OTHER_ID]),
    authEvents: [],
    redacts: undefined,
    rejected: false,
  }
}

function put(state: State, draft: Draft, version: RoomVersion): void {
  state.set(`${draft.type}\0${draft.stateKey}`, toEvent(draft, version))
}

/** Puts a state event into the room. */
export function has(draft: Draft): Given {
  return (state, version) => put(state, draft, version)
}

/** Takes a state event out of the room. */
export function lacks(type: string, stateKey = ''): Given {
  return (state) => void state.delete(`${type}\0${stateKey}`)
}

export function member(
  sender: string,
  target: string,
  membership: string,
  more: JsonObject = {},
): Draft {
  const content = { membership, ...more }
  return { type: 'm.room.member', stateKey: target, sender, content }
}

export function stateEvent(
  sender: string,
  type: string,
  content: JsonObject = {},
  stateKey = '',
): Draft {
  return { type, stateKey, sender, content }
}

export function message(sender: string, type = 'm.room.message'): Draft {
  return { type, sender, content: {} }
}

export function levels(sender: string, content: JsonObject): Draft {
  return stateEvent(sender, 'm.room.power_levels', content)
}

export const joinRule = (rule: string): Given =>
  has(stateEvent(ALICE, 'm.room.join_rules', { join_rule: rule }))

/** The base room's levels; those of creators are left out where they may not be named. */
export const USERS: JsonObject = { [ADMIN]: 100, [BOB]: 50, [EVE]: 50, [ZED]: 50 }

/** Replaces the levels; `users` is the base room's unless given. */
export const hasLevels = (content: JsonObject): Given =>
  has(levels(ALICE, { users: USERS, ...content }))

export function baseState(version: RoomVersion): State {
  const state: State = new Map()
  const alices = version.privilegedCreators ? {} : { [ALICE]: 100 }
  const drafts = [
    stateEvent(ALICE, 'm.room.create', { creator: ALICE, room_version: version.id }),
    levels(ALICE, { users: { ...alices, ...USERS } }),
    stateEvent(ALICE, 'm.room.join_rules', { join_rule: 'invite' }),
    ...[ALICE, ADMIN, BOB, EVE, CAROL].map((user) => member(user, user, 'join')),
    member(BOB, FRANK, 'invite'),
    member(BOB, GINA, 'ban'),
    member(IVY, IVY, 'leave'),
  ]
  for (const draft of drafts) put(state, draft, version)
  return state
}
