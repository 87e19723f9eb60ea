import type { Dispose } from '#lib/disposables.ts'
import type { Conversation } from './conversation.ts'
import type { RegistrationLinks } from './registration-links.ts'
import type { RoomList } from './rooms.ts'

/** How well the account is connected to its homeserver. */
export type ConnectionStatus = 'connecting' | 'live' | 'offline' | 'signed-out'

/** The line to the homeserver. */
export interface Connection {
  status(): ConnectionStatus
  onStatusChanged(listener: () => void): Dispose
  /** Tries again at once instead of waiting for the next attempt. */
  retryNow(): void
}

/** The person's own public profile. */
export interface Profile {
  readonly userId: string
  /** The server part of the user id. */
  readonly serverName: string
  displayName(): string
  onProfileChanged(listener: () => void): Dispose
  setDisplayName(name: string): Promise<void>
}

/** One signed-in account. Several may exist side by side. */
export interface Account {
  readonly connection: Connection
  readonly profile: Profile
  readonly roomList: RoomList
  readonly registrationLinks: RegistrationLinks
  /** A joined room as a conversation, or undefined while it is not (yet) joined. */
  conversation(roomId: string): Conversation | undefined
  /** Begins to follow the server; resolves before the first answer. */
  start(): Promise<void>
  /** Stops without ending the session. */
  stop(): void
  /** Ends the session on the server and deletes what this device stored. */
  signOut(): Promise<void>
  /** Deletes what this device stored, when the server has already ended the session. */
  forget(): Promise<void>
}
