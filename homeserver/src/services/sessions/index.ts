export { createSessions } from './sessions.ts'
export type { Requester } from './requester.ts'
