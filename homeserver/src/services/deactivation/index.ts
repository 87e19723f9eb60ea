export { createDeactivation } from './deactivation.ts'
