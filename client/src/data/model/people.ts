/** Someone, as far as a screen needs to know. */
export interface Person {
  readonly id: string
  readonly name: string
}

/** What somebody may do in a room, as a name instead of a number. */
export type Role = 'owner' | 'admin' | 'moderator' | 'member'

/** Someone in a room. */
export interface Member extends Person {
  readonly role: Role
  readonly membership: 'join' | 'invite'
}
