export { createAccounts } from './accounts.ts'
export type { Account, Accounts, AccountsDeps, NewAccount } from './accounts.ts'
