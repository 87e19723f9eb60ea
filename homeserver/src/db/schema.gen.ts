/**
 * Generated from a migrated database. Do not edit: vitest run test/generated -u
 */

import type { Generated } from 'kysely'

export interface DB {
  access_tokens: AccessTokens
  account_data: AccountData
  account_restrictions: AccountRestrictions
  accounts: Accounts
  devices: Devices
  epochs: Epochs
  event_missing: EventMissing
  event_types: EventTypes
  events: Events
  filters: Filters
  highlights: Highlights
  inbox: Inbox
  instance: Instance
  invalidations: Invalidations
  late_events: LateEvents
  login_tokens: LoginTokens
  memberships: Memberships
  openid_tokens: OpenidTokens
  presence: Presence
  profiles: Profiles
  public_rooms: PublicRooms
  pushers: Pushers
  read_state: ReadState
  receipts: Receipts
  refresh_tokens: RefreshTokens
  registration_reservations: RegistrationReservations
  registration_tokens: RegistrationTokens
  reports: Reports
  room_aliases: RoomAliases
  room_state: RoomState
  room_summaries: RoomSummaries
  room_summaries_progress: RoomSummariesProgress
  rooms: Rooms
  schema_functions: SchemaFunctions
  schema_version: SchemaVersion
  search_events: SearchEvents
  search_progress: SearchProgress
  setup_token: SetupToken
  state_ckpt: StateCkpt
  state_keys: StateKeys
  state_lines: StateLines
  state_log: StateLog
  stream: Stream
  txns: Txns
  uia_proofs: UiaProofs
  uia_sessions: UiaSessions
  user_directory: UserDirectory
  users: Users
}

interface AccessTokens {
  created_ts: number
  device_key: number
  expires_ts: number | null
  hash: Buffer
  refresh_key: number | null
}

interface AccountData {
  content: string
  pos: number
  room: number
  type: string
  user_key: number
}

interface AccountRestrictions {
  locked: boolean
  suspended: boolean
  user_key: number
}

interface Accounts {
  admin: boolean
  created_ts: number
  deactivated: Generated<boolean>
  erased: Generated<boolean>
  guest: Generated<boolean>
  in_directory: Generated<boolean>
  leaving: Generated<boolean>
  password_hash: string | null
  user_id: string
  user_key: number
}

interface Devices {
  created_ts: number
  device_id: string
  display_name: string | null
  key: Generated<number>
  last_seen_ip: string | null
  last_seen_ts: number | null
  last_seen_user_agent: string | null
  user_key: number
}

interface Epochs {
  reason: string
  start_pos: number
  tag: number
}

interface EventMissing {
  ev: number
  event_id: string
  is_auth: boolean
}

interface EventTypes {
  key: Generated<number>
  type: string
}

interface Events {
  auth: number[]
  c_at: number
  c_end: number
  depth: number
  event_id: string
  flags: Generated<number>
  line: number | null
  notify_seq: number | null
  now_idx: number | null
  now_line: number | null
  pdu: string
  pos: number
  prev: number[]
  redacted_by: number | null
  rel_type: string | null
  relates_to: string | null
  room: number
  sender: number
  sidx: number | null
  state_key: number | null
  thread: number | null
  ts: number
  type: number
}

interface Filters {
  definition: string
  hash: Buffer
  id: Generated<number>
  user_key: number
}

interface Highlights {
  pos: number
  room: number
  user_key: number
}

interface Inbox {
  device: number
  event: string
  pos: number
}

interface Instance {
  created_ts: number
  id: Generated<number>
  server_name: string
  test_stamp: boolean
}

interface Invalidations {
  created_ts: number
  key: string
  kind: string
  pos: number
}

interface LateEvents {
  ev: number
  pos: number
  room: number
}

interface LoginTokens {
  expires_ts: number
  hash: Buffer
  user_key: number
}

interface Memberships {
  forgotten: Generated<boolean>
  membership: string
  pos: number
  room: number
  user_key: number
}

interface OpenidTokens {
  device_key: number
  expires_ts: number
  hash: Buffer
}

interface Presence {
  changed_ts: number
  last_active_ts: number
  presence: string
  status_msg: string | null
  user_key: number
}

interface Profiles {
  fields: string
  user_key: number
}

interface PublicRooms {
  published_ts: number
  room_id: string
}

interface Pushers {
  app_display_name: string
  app_id: string
  data: string
  device_display_name: string
  device_key: number
  failures: Generated<number>
  id: Generated<number>
  lang: string
  lease_by: string | null
  lease_until: Generated<number>
  next_try_ts: Generated<number>
  profile_tag: string | null
  pushkey: string
  set_ts: number
  told_to: number
  told_unread: Generated<number>
  url: string
  user_key: number
}

interface ReadState {
  notify_seq: number
  read_pos: number
  room: number
  user_key: number
}

interface Receipts {
  ev: number
  pos: number
  room: number
  thread: string
  ts: number
  type: string
  user_key: number
}

interface RefreshTokens {
  created_ts: number
  device_key: number
  hash: Buffer
  key: Generated<number>
  replaces: number | null
  revoked: Generated<boolean>
}

interface RegistrationReservations {
  expires_ts: number
  session: string
  token: string
}

interface RegistrationTokens {
  completed: Generated<number>
  expiry_time: number | null
  token: string
  uses_allowed: number | null
}

interface Reports {
  event_id: string | null
  id: Generated<number>
  kind: string
  reason: string | null
  received_ts: number
  reporter: number
  room_id: string | null
  user_id: string | null
}

interface RoomAliases {
  alias: string
  created_ts: number
  creator: number
  room_id: string
}

interface RoomState {
  ev: number
  key: number
  pos: number
  room: number
}

interface RoomSummaries {
  avatar_url: string | null
  canonical_alias: string | null
  guest_can_join: boolean
  join_rule: string
  joined: number
  listable: boolean
  name: string | null
  open: boolean
  published: boolean
  room: number
  room_type: string | null
  search: string
  topic: string | null
  world_readable: boolean
}

interface RoomSummariesProgress {
  done_to: number
  id: Generated<number>
}

interface Rooms {
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

interface SchemaFunctions {
  fingerprint: string
  id: Generated<number>
  version: number
}

interface SchemaVersion {
  applied_ts: number
  compat: number
  name: string
  version: number
}

interface SearchEvents {
  ev: number
  key: number
  place: number
  room: number
  sender: number
  words: string
}

interface SearchProgress {
  done_to: number
  id: Generated<number>
}

interface SetupToken {
  id: Generated<number>
  token: string
}

interface StateCkpt {
  entries: Buffer
  idx: number
  line: number
}

interface StateKeys {
  key: Generated<number>
  state_key: string
  type: number
}

interface StateLines {
  line: Generated<number>
  parent_idx: number | null
  parent_line: number | null
  room: number
}

interface StateLog {
  ev: number | null
  idx: number
  key: number
  line: number
  prev_ev: number | null
}

interface Stream {
  first_pos: number
  id: Generated<number>
  last_pos: number
  system_identifier: string | null
  tag: number
  timeline: string | null
}

interface Txns {
  created_ts: number
  device: number
  id: string
  key: string
  pos: number
}

interface UiaProofs {
  device_key: number
  expires_ts: number
  user_id: string
}

interface UiaSessions {
  body_hash: Buffer | null
  completed: Generated<string>
  expires_ts: number
  flows: Generated<string>
  id: string
  operation: string
  user_id: string | null
}

interface UserDirectory {
  avatar_url: string | null
  display_name: string | null
  search: string
  tokens: string[]
  user_id: string
  user_key: number
}

interface Users {
  key: Generated<number>
  user_id: string
}
