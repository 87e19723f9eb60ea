import { isJsonObject, own } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthTypesInput } from './auth-rules.ts'
import { membershipOf } from './membership.ts'

/** `[type, stateKey]` */
export type AuthType = [type: string, stateKey: string]

/**
 * Auth events selection: the state, as far as it exists, that an event names in `auth_events`. Each
 * pair occurs once. The create event has none, and from room version 12 is never selected.
 * https://spec.matrix.org/v1.19/server-server-api/#auth-events-selection
 */
export function authTypes(draft: AuthTypesInput, version: RoomVersion): AuthType[] {
  if (draft.type === 'm.room.create') return []
  const members = new Set<string>([draft.sender])
  const types: AuthType[] = version.roomIdIsCreateHash ? [] : [['m.room.create', '']]
  types.push(['m.room.power_levels', ''])
  if (draft.type === 'm.room.member') {
    for (const userId of memberKeys(draft, version)) members.add(userId)
    types.push(...joinTypes(draft))
  }
  return [...types, ...Array.from(members, (userId): AuthType => ['m.room.member', userId])]
}

/** The target, and the user who authorised a restricted join. */
function memberKeys(draft: AuthTypesInput, version: RoomVersion): string[] {
  const keys = draft.stateKey === undefined ? [] : [draft.stateKey]
  if (!version.restrictedJoins || membershipOf(draft) !== 'join') return keys
  const authoriser = own(draft.content, 'join_authorised_via_users_server')
  return typeof authoriser === 'string' ? [...keys, authoriser] : keys
}

function joinTypes(draft: AuthTypesInput): AuthType[] {
  const membership = membershipOf(draft)
  if (membership === 'join' || membership === 'knock') return [['m.room.join_rules', '']]
  if (membership !== 'invite') return []
  const token = thirdPartyToken(draft)
  const joinRules: AuthType = ['m.room.join_rules', '']
  return token === undefined ? [joinRules] : [joinRules, ['m.room.third_party_invite', token]]
}

function thirdPartyToken(draft: AuthTypesInput): string | undefined {
  const invite = own(draft.content, 'third_party_invite')
  const signed = isJsonObject(invite) ? own(invite, 'signed') : undefined
  const token = isJsonObject(signed) ? own(signed, 'token') : undefined
  return typeof token === 'string' ? token : undefined
}
