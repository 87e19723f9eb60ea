export { createToDevice } from './to-device.ts'
