import type { RoomEvent } from '../events/pdu.ts'
import type { ServerName } from '../ids.ts'

/** Looks up one state event of the state an event is judged by. */
export type StateLookup = (type: string, stateKey: string) => RoomEvent | undefined

/**
 * Verdict of the authorisation rules; `reason` is a sentence for the client and the log, `malformed`
 * says that the event could not come from anybody, whatever their power.
 */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly malformed?: true }

/** The part of an event that decides which state it is judged by; a draft has it before it has an ID. */
export type AuthTypesInput = Pick<RoomEvent, 'type' | 'stateKey' | 'sender' | 'content'>

/** The part of an event that the rules look at; a draft has it before it is hashed and signed. */
export type AuthInput = AuthTypesInput & Pick<RoomEvent, 'roomId' | 'prevEvents'>

/** Facts the rules need and the event's parsed form does not carry. */
export interface AuthOptions {
  /**
   * Whether the event carries a valid signature of the server; asked for the server that authorised
   * a restricted join. Without it no server is taken to have signed.
   */
  readonly signedBy?: (server: ServerName) => boolean
}
