import type { Dispose } from '#lib/disposables.ts'
import type { Person } from './people.ts'

/** A room as the room list shows it. */
export interface RoomSummary {
  readonly id: string
  readonly name: string
  readonly topic: string
  readonly membership: 'join' | 'invite'
  /** Messages that ask for attention. */
  readonly unread: number
  /** Those among them that name this person. */
  readonly highlights: number
  /** When something was last said, in milliseconds since the epoch. */
  readonly lastActivity: number
  readonly memberCount: number
  readonly inviter: Person | undefined
}

/** What a person decides when creating a room. */
export interface NewRoom {
  readonly name: string
  readonly topic: string
  readonly visibility: 'private' | 'public'
  readonly invite: readonly string[]
}

/** The rooms of an account. Actions reject with a Failure. */
export interface RoomList {
  /** False until the first answer of the server, or the copy on this device, has arrived. */
  isLoaded(): boolean
  rooms(): readonly RoomSummary[]
  onRoomsChanged(listener: () => void): Dispose
  /** Creates a room and resolves to its id. */
  create(room: NewRoom): Promise<string>
  acceptInvitation(roomId: string): Promise<void>
  declineInvitation(roomId: string): Promise<void>
}
