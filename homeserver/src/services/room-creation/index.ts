export { createRoomCreation } from './room-creation.ts'
export { newRoomId } from './room-id.ts'
