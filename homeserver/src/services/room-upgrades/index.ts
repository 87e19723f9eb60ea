export { createRoomUpgrades, type RoomUpgrades } from './room-upgrades.ts'
