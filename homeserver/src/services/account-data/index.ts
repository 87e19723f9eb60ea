export { createAccountData } from './account-data.ts'
export type { AccountData } from './account-data.ts'
