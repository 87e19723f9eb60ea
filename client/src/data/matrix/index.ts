// All that the application may take from the Matrix adapter.
export { openAccount } from './account.ts'
export { createAuthenticator } from './authenticator.ts'
