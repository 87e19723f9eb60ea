import type { UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'

export type Preset = 'private_chat' | 'public_chat' | 'trusted_private_chat'

/** The body of `createRoom`, its JSON types checked. */
export interface CreateRoomOptions {
  readonly visibility?: 'public' | 'private' | undefined
  readonly room_alias_name?: string | undefined
  readonly name?: string | undefined
  readonly topic?: string | undefined
  readonly invite?: readonly UserId[] | undefined
  readonly invite_3pid?: readonly unknown[] | undefined
  readonly room_version?: string | undefined
  readonly creation_content?: JsonObject | undefined
  readonly initial_state?: readonly InitialState[] | undefined
  readonly preset?: Preset | undefined
  readonly is_direct?: boolean | undefined
  readonly power_level_content_override?: JsonObject | undefined
}

interface InitialState {
  readonly type: string
  readonly state_key?: string | undefined
  readonly content: JsonObject
}
