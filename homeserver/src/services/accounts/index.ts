export { createAccounts } from './accounts.ts'
export type { Account, Accounts } from './accounts.ts'
