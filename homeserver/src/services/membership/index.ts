export { createMembership } from './membership.ts'
export type { Actor, Membership } from './types.ts'
