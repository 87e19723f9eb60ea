/**
 * Generated from a migrated database. Do not edit: vitest run test/generated -u
 */

import type { Generated } from 'kysely'

export interface DB {
  access_tokens: AccessTokens
  account_data: AccountData
  accounts: Accounts
  devices: Devices
  epochs: Epochs
  event_missing: EventMissing
  event_types: EventTypes
  events: Events
  filters: Filters
  highlights: Highlights
  instance: Instance
  invalidations: Invalidations
  late_events: LateEvents
  login_tokens: LoginTokens
  memberships: Memberships
  profiles: Profiles
  public_rooms: PublicRooms
  read_state: ReadState
  receipts: Receipts
  registration_reservations: RegistrationReservations
  registration_tokens: RegistrationTokens
  room_aliases: RoomAliases
  room_state: RoomState
  rooms: Rooms
  schema_version: SchemaVersion
  setup_token: SetupToken
  state_ckpt: StateCkpt
  state_keys: StateKeys
  state_lines: StateLines
  state_log: StateLog
  stream: Stream
  txns: Txns
  uia_sessions: UiaSessions
  users: Users
}

export interface AccessTokens {
  created_ts: number
  device_key: number
  hash: Buffer
}

export interface AccountData {
  content: string
  pos: number
  room: number
  type: string
  user_key: number
}

export interface Accounts {
  admin: boolean
  created_ts: number
  deactivated: Generated<boolean>
  password_hash: string | null
  user_id: string
  user_key: number
}

export interface Devices {
  created_ts: number
  device_id: string
  display_name: string | null
  key: Generated<number>
  last_seen_ip: string | null
  last_seen_ts: number | null
  last_seen_user_agent: string | null
  user_key: number
}

export interface Epochs {
  reason: string
  start_pos: number
  tag: number
}

export interface EventMissing {
  ev: number
  event_id: string
  is_auth: boolean
}

export interface EventTypes {
  key: Generated<number>
  type: string
}

export interface Events {
  auth: number[]
  c_at: number
  c_end: number
  depth: number
  event_id: string
  flags: Generated<number>
  line: number | null
  notify_seq: number | null
  pdu: string
  pos: number
  prev: number[]
  redacted_by: number | null
  room: number
  sender: number
  sidx: number | null
  state_key: number | null
  thread: number | null
  ts: number
  type: number
}

export interface Filters {
  definition: string
  hash: Buffer
  id: Generated<number>
  user_key: number
}

export interface Highlights {
  pos: number
  room: number
  user_key: number
}

export interface Instance {
  created_ts: number
  id: Generated<number>
  server_name: string
  test_stamp: boolean
}

export interface Invalidations {
  created_ts: number
  key: string
  kind: string
  pos: number
}

export interface LateEvents {
  ev: number
  pos: number
}

export interface LoginTokens {
  expires_ts: number
  hash: Buffer
  user_key: number
}

export interface Memberships {
  forgotten: Generated<boolean>
  membership: string
  pos: number
  room: number
  user_key: number
}

export interface Profiles {
  fields: string
  user_key: number
}

export interface PublicRooms {
  published_ts: number
  room_id: string
}

export interface ReadState {
  notify_seq: number
  read_pos: number
  room: number
  user_key: number
}

export interface Receipts {
  ev: number
  pos: number
  room: number
  thread: string
  ts: number
  type: string
  user_key: number
}

export interface RegistrationReservations {
  expires_ts: number
  session: string
  token: string
}

export interface RegistrationTokens {
  completed: Generated<number>
  expiry_time: number | null
  token: string
  uses_allowed: number | null
}

export interface RoomAliases {
  alias: string
  created_ts: number
  creator: number
  room_id: string
}

export interface RoomState {
  ev: number
  key: number
  pos: number
  room: number
}

export interface Rooms {
  created_ts: number
  extremities: number[]
  idx: number
  key: number
  last_pos: number
  line: number
  notify_seq: number
  room_id: string
  state_version: number
  version: string
}

export interface SchemaVersion {
  applied_ts: number
  compat: number
  name: string
  version: number
}

export interface SetupToken {
  id: Generated<number>
  token: string
}

export interface StateCkpt {
  entries: Buffer
  idx: number
  line: number
}

export interface StateKeys {
  key: Generated<number>
  state_key: string
  type: number
}

export interface StateLines {
  line: Generated<number>
  parent_idx: number | null
  parent_line: number | null
  room: number
}

export interface StateLog {
  ev: number | null
  idx: number
  key: number
  line: number
  prev_ev: number | null
}

export interface Stream {
  first_pos: number
  id: Generated<number>
  last_pos: number
  system_identifier: string | null
  tag: number
  timeline: string | null
}

export interface Txns {
  created_ts: number
  device: number
  id: string
  key: string
  pos: number
}

export interface UiaSessions {
  body_hash: Buffer | null
  completed: Generated<string>
  expires_ts: number
  id: string
  operation: string
}

export interface Users {
  key: Generated<number>
  user_id: string
}
