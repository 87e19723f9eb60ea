export { createSessions, Sessions } from './sessions.ts'
export type { NewSession, Session, SessionsDeps } from './sessions.ts'
export type { Requester } from './requester.ts'
