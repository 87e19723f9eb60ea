export type { CreateRoomOptions, InitialState, Preset } from './options.ts'
export { createRoomCreation, type RoomCreation, type RoomCreationDeps } from './room-creation.ts'
