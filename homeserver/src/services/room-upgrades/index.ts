export { createCarriedSettings } from './carried-settings.ts'
export { createRoomUpgrades } from './room-upgrades.ts'
