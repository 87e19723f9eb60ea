export { createMutualRooms } from './mutual-rooms.ts'
export { createUserDirectory } from './user-directory.ts'
