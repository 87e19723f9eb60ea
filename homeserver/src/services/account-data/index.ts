export { createAccountData } from './account-data.ts'
export { createTags } from './tags.ts'
