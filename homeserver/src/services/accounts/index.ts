export { createAccounts } from './accounts.ts'
export { ErasedUsers } from './erased-users.ts'
export type { Account, Accounts } from './accounts.ts'
export type { ClosedAccount } from './closing-store.ts'
