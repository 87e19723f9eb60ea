import type { RoomAlias, UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { NewRoomEvent } from '#services/sending/index.ts'
import { createContent } from './create-content.ts'
import type { CreateRoomOptions, Preset } from './options.ts'
import { powerLevelsContent } from './power-levels.ts'

/** Everything the first events of a room are made of. */
export interface RoomPlan {
  readonly options: CreateRoomOptions
  readonly version: RoomVersion
  readonly creator: UserId
  readonly alias: RoomAlias | undefined
  /** The creator's own membership, with their profile. */
  readonly join: JsonObject
  readonly invites: readonly { readonly target: UserId; readonly content: JsonObject }[]
}

const PRESETS: Record<Preset, readonly (readonly [type: string, content: JsonObject])[]> = {
  private_chat: [
    ['m.room.join_rules', { join_rule: 'invite' }],
    ['m.room.history_visibility', { history_visibility: 'shared' }],
    ['m.room.guest_access', { guest_access: 'can_join' }],
  ],
  trusted_private_chat: [
    ['m.room.join_rules', { join_rule: 'invite' }],
    ['m.room.history_visibility', { history_visibility: 'shared' }],
    ['m.room.guest_access', { guest_access: 'can_join' }],
  ],
  public_chat: [
    ['m.room.join_rules', { join_rule: 'public' }],
    ['m.room.history_visibility', { history_visibility: 'shared' }],
    ['m.room.guest_access', { guest_access: 'forbidden' }],
  ],
}

/** The preset that holds: the one asked for, else what the visibility stands for. */
function presetOf(options: CreateRoomOptions): Preset {
  return options.preset ?? (options.visibility === 'public' ? 'public_chat' : 'private_chat')
}

/**
 * A new room's events in the order that the specification demands.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function roomEvents(plan: RoomPlan): NewRoomEvent[] {
  const { options, version, creator, alias } = plan
  const preset = presetOf(options)
  const trusted = preset === 'trusted_private_chat' ? plan.invites.map(({ target }) => target) : []
  const asked = options.creation_content ?? {}
  const levels = { version, preset, creator, trusted }
  return [
    state('m.room.create', createContent(asked, version, creator, trusted)),
    state('m.room.member', plan.join, creator),
    state(
      'm.room.power_levels',
      powerLevelsContent(levels, options.power_level_content_override ?? {}),
    ),
    ...(alias === undefined ? [] : [state('m.room.canonical_alias', { alias })]),
    ...presetState(preset, options),
    ...initialState(options),
    ...(options.name === undefined ? [] : [state('m.room.name', { name: options.name })]),
    ...(options.topic === undefined ? [] : [state('m.room.topic', topicContent(options.topic))]),
    ...plan.invites.map(({ target, content }) => state('m.room.member', content, target)),
  ]
}

const state = (type: string, content: JsonObject, stateKey = ''): NewRoomEvent => ({
  type,
  stateKey,
  content,
})

/** What the preset sets, less what `initial_state` sets otherwise. */
function presetState(preset: Preset, { initial_state = [] }: CreateRoomOptions): NewRoomEvent[] {
  const given = new Set(
    initial_state.flatMap(({ type, state_key = '' }) => (state_key === '' ? [type] : [])),
  )
  return PRESETS[preset]
    .filter(([type]) => !given.has(type))
    .map(([type, content]) => state(type, content))
}

const initialState = ({ initial_state = [] }: CreateRoomOptions): NewRoomEvent[] =>
  initial_state.map(({ type, state_key, content }) => state(type, content, state_key))

/** https://spec.matrix.org/v1.19/client-server-api/#mroomtopic */
const topicContent = (topic: string): JsonObject => ({
  topic,
  'm.topic': { 'm.text': [{ body: topic, mimetype: 'text/plain' }] },
})
