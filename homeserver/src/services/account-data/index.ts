export { createAccountData } from './account-data.ts'
