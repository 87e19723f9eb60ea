export { createRoomCreation } from './room-creation.ts'
