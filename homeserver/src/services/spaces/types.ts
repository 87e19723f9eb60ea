import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo, UserKey } from '#log/types.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface SpacesDeps {
  readonly dictionary: Pick<Dictionary, 'roomsById' | 'roomsByKey'>
  readonly reads: Pick<LogReads, 'membershipsOf' | 'memberCountsOf'>
  readonly roomStates: Pick<RoomStates, 'currentOfMany'>
}

/** Who looks; nobody without an access token. */
export type Viewer = { readonly user: UserKey } | undefined

/**
 * What a room tells to those who may find it.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1room_summaryroomidoralias
 */
export interface RoomSummary {
  readonly room_id: RoomId
  readonly name?: string
  readonly topic?: string
  readonly avatar_url?: string
  readonly canonical_alias?: string
  readonly num_joined_members: number
  readonly guest_can_join: boolean
  readonly world_readable: boolean
  readonly join_rule: string
  readonly room_type?: string
  readonly room_version: string
  readonly encryption?: string
  readonly allowed_room_ids?: readonly RoomId[]
}

/** What a room's state says about it, the contents by event type; all keys are empty. */
export interface RoomFacts {
  readonly info: RoomInfo
  readonly contents: ReadonlyMap<string, JsonObject>
}

/** An `m.space.child` event, as the hierarchy shows it. */
export interface SpaceChild {
  readonly type: string
  readonly state_key: RoomId
  readonly content: JsonObject
  readonly sender: string
  readonly origin_server_ts: number
}
