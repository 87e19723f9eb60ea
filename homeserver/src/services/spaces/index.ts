export { createSpaces } from './spaces.ts'
export type { RoomSummary } from './types.ts'
