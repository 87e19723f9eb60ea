export { createAliases } from './aliases.ts'
export { createDirectory, type Directory } from './directory.ts'
export { createPublicRooms } from './public-rooms.ts'
export { RoomSummaries } from './summaries.ts'
