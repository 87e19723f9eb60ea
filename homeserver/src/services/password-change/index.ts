export { createPasswordChange } from './password-change.ts'
