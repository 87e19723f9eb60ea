export { createSending, type SendingDeps } from './sending.ts'
export type { CreatedRoom, NewRoom, NewRoomEvent, SendInput, Sending, TxnInput } from './types.ts'
