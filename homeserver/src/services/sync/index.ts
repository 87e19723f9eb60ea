export { createSync } from './sync.ts'
