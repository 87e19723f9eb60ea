export { createProfiles } from './profiles.ts'
export type { Profiles } from './profiles.ts'
