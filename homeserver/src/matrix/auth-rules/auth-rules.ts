import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'

/** Looks up one state event of the state an event is judged by. */
export type StateLookup = (type: string, stateKey: string) => RoomEvent | undefined

/** Verdict of the authorisation rules; `reason` is a sentence for the client and the log. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string }

/** The part of an event that decides which state it is judged by; a draft has it before it has an ID. */
export type AuthTypesInput = Pick<RoomEvent, 'type' | 'stateKey' | 'sender' | 'content'>
