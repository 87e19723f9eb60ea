import type { DeviceKey, RoomKey, UserKey } from './types.ts'

/** Brands for keys that come out of the database. */
export const asRoomKey = (key: number): RoomKey => key as RoomKey
export const asUserKey = (key: number): UserKey => key as UserKey
export const asDeviceKey = (key: number): DeviceKey => key as DeviceKey
