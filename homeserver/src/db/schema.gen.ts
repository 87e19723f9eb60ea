/**
 * Generated from a migrated database. Do not edit by hand.
 */

import type { Generated } from 'kysely'

export interface DB {
  access_tokens: AccessTokens
  accounts: Accounts
  devices: Devices
  filters: Filters
  instance: Instance
  login_tokens: LoginTokens
  profiles: Profiles
  registration_reservations: RegistrationReservations
  registration_tokens: RegistrationTokens
  schema_version: SchemaVersion
  setup_token: SetupToken
  uia_sessions: UiaSessions
}

export interface Instance {
  created_ts: number
  id: number
  server_name: string
  test_stamp: boolean
}

export interface SchemaVersion {
  applied_ts: number
  compat: number
  name: string
  version: number
}

export interface AccessTokens {
  created_ts: number
  device_key: number
  hash: Buffer
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
  last_seen_ip: Generated<string | null>
  last_seen_ts: Generated<number | null>
  last_seen_user_agent: Generated<string | null>
  user_key: number
}

export interface Filters {
  definition: string
  hash: Buffer
  id: Generated<number>
  user_key: number
}

export interface LoginTokens {
  expires_ts: number
  hash: Buffer
  user_key: number
}

export interface Profiles {
  fields: string
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

export interface SetupToken {
  id: Generated<number>
  token: string
}

export interface UiaSessions {
  body_hash: Generated<Buffer | null>
  completed: Generated<string>
  expires_ts: number
  id: string
  operation: string
}
