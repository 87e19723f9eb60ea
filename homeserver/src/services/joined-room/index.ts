export { createJoinedRoom } from './joined-room.ts'
export type { JoinedRoom } from './joined-room.ts'
