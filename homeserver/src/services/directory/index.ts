export { createAliases, type Aliases } from './aliases.ts'
export { createDirectory, type Directory } from './directory.ts'
export { createPublicRooms, type PublicRooms } from './public-rooms.ts'
export { RoomSummaries } from './summaries.ts'
