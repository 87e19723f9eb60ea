export { createProfiles, Profiles } from './profiles.ts'
export type { Profile, ProfilesDeps } from './profiles.ts'
