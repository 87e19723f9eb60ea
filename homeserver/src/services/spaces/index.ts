export { createSpaces, type Spaces } from './spaces.ts'
export type { RoomSummary } from './types.ts'
