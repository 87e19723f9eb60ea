export { createSync } from './sync.ts'
export type { Sync, Syncer } from './sync.ts'
export type { SyncFilter } from './filter.ts'
export type { StateField, SyncDeps, SyncRequest } from './types.ts'
