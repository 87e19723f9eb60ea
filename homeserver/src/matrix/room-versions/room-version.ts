/**
 * What distinguishes the room versions, one flag a rule. Code asks for the flag, never for the number.
 * https://spec.matrix.org/v1.19/rooms/
 */
export interface RoomVersion {
  readonly id: string
  /** `v2` up to room version 11, `v2.1` from 12. (1 resolves by the first algorithm; not built.) */
  readonly stateResolution: 'v2' | 'v2.1'
  /** Event IDs are reference hashes: `standard` base64 in room version 3, `url-safe` from 4. */
  readonly eventIdBase64: 'standard' | 'url-safe'
  /** 6+: floats and integers beyond ±(2^53 - 1) are refused. */
  readonly strictCanonicalJson: boolean
  /** up to 5: `m.room.aliases` has an auth rule and is kept by redaction. */
  readonly aliasesAuthRule: boolean
  /** 6+: changes of `notifications` levels are checked. */
  readonly notificationLevels: boolean
  /** 7+ */
  readonly knock: boolean
  /** 8+: join rule `restricted`; redaction keeps `allow`. */
  readonly restrictedJoins: boolean
  /** 9+: redaction keeps `join_authorised_via_users_server`. */
  readonly redactionKeepsJoinAuthorised: boolean
  /** 10+: join rule `knock_restricted`. */
  readonly knockRestricted: boolean
  /** 10+: power levels must be integers, not strings. */
  readonly integerPowerLevels: boolean
  /** 11+: create has no `creator` (the sender is it). */
  readonly implicitCreator: boolean
  /** 11+: `redacts` lives in `content`. */
  readonly redactsInContent: boolean
  /** 11+: the redaction algorithm of version 11 (see redact.ts). */
  readonly updatedRedaction: boolean
  /** 12+: the room ID is the create event's hash; no `room_id` on create; create never in `auth_events`. */
  readonly roomIdIsCreateHash: boolean
  /** 12+: creators (sender and `additional_creators`) outrank every level and stand in no `users` map. */
  readonly privilegedCreators: boolean
}

const v3: RoomVersion = {
  id: '3',
  stateResolution: 'v2',
  eventIdBase64: 'standard',
  strictCanonicalJson: false,
  aliasesAuthRule: true,
  notificationLevels: false,
  knock: false,
  restrictedJoins: false,
  redactionKeepsJoinAuthorised: false,
  knockRestricted: false,
  integerPowerLevels: false,
  implicitCreator: false,
  redactsInContent: false,
  updatedRedaction: false,
  roomIdIsCreateHash: false,
  privilegedCreators: false,
}
const v4: RoomVersion = { ...v3, id: '4', eventIdBase64: 'url-safe' }
const v5: RoomVersion = { ...v4, id: '5' }
const v6: RoomVersion = {
  ...v5,
  id: '6',
  strictCanonicalJson: true,
  aliasesAuthRule: false,
  notificationLevels: true,
}
const v7: RoomVersion = { ...v6, id: '7', knock: true }
const v8: RoomVersion = { ...v7, id: '8', restrictedJoins: true }
const v9: RoomVersion = { ...v8, id: '9', redactionKeepsJoinAuthorised: true }
const v10: RoomVersion = { ...v9, id: '10', knockRestricted: true, integerPowerLevels: true }
const v11: RoomVersion = {
  ...v10,
  id: '11',
  implicitCreator: true,
  redactsInContent: true,
  updatedRedaction: true,
}
const v12: RoomVersion = {
  ...v11,
  id: '12',
  stateResolution: 'v2.1',
  roomIdIsCreateHash: true,
  privilegedCreators: true,
}

/** Every room version that can be created and used here, oldest first. */
export const ROOM_VERSIONS: ReadonlyMap<string, RoomVersion> = new Map(
  [v3, v4, v5, v6, v7, v8, v9, v10, v11, v12].map((version) => [version.id, version]),
)

/** New rooms are made with it unless the client asks for another. */
export const DEFAULT_ROOM_VERSION: RoomVersion = v12

/** The room version with that identifier; undefined when it can't be used here. */
export function roomVersion(id: string): RoomVersion | undefined {
  return ROOM_VERSIONS.get(id)
}
