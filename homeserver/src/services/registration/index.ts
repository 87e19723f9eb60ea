export { createRegistration } from './registration.ts'
