export { createSending } from './sending.ts'
export type { NewRoomEvent, Sending } from './types.ts'
