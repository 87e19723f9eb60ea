export { createMembership, type MembershipDeps } from './membership.ts'
export type { Actor, JoinOptions, Membership } from './types.ts'
