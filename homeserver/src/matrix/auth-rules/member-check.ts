import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthInput, AuthOptions, StateLookup } from './auth-rules.ts'

/** What a membership is judged by. */
export interface MemberCheck {
  readonly event: AuthInput
  readonly create: RoomEvent
  readonly state: StateLookup
  readonly version: RoomVersion
  readonly options: AuthOptions
}

/** A membership whose target is known. */
export type TargetedCheck = MemberCheck & { readonly target: string }
