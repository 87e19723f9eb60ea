/**
 * Generated from a migrated database. Do not edit by hand.
 */

export interface DB {
  instance: Instance
  schema_version: SchemaVersion
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
