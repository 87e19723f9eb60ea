export { createMembership } from './membership.ts'
export type { Actor, JoinOptions, Membership } from './types.ts'
