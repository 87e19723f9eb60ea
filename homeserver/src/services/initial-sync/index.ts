export { createInitialSync } from './initial-sync.ts'
