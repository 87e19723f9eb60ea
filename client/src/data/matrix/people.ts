import { EventType, KnownMembership, type Room, type RoomMember } from 'matrix-js-sdk'
import { localpartOf } from '#lib/user-id.ts'
import type { Member, Person, Role } from '../model/people.ts'

/** Somebody by the name the room knows them by; without a display name by their localpart. */
export function personIn(room: Room, userId: string): Person {
  return { id: userId, name: readableName(room.getMember(userId)?.name ?? '', userId) }
}

/** A name fit for people: the localpart in place of a missing name or a bare user id. */
export function readableName(name: string, userId = name): string {
  return name === '' || name === userId ? localpartOf(userId) : name
}

/** The name for a power level. Room creators from version 12 on stand above every number. */
function roleOf(powerLevel: number): Role {
  if (powerLevel === Infinity) return 'owner'
  if (powerLevel >= 100) return 'admin'
  return powerLevel >= 50 ? 'moderator' : 'member'
}

function toMember(room: Room, member: RoomMember): Member {
  return {
    ...personIn(room, member.userId),
    role: roleOf(member.powerLevel),
    membership: member.membership === KnownMembership.Invite ? 'invite' : 'join',
  }
}

/** Everyone known to be in the room or invited to it. */
export function membersOf(room: Room): readonly Member[] {
  const present: string[] = [KnownMembership.Join, KnownMembership.Invite]
  return room
    .getMembers()
    .filter((member) => present.includes(member.membership ?? ''))
    .map((member) => toMember(room, member))
}

/** Who invited this account to the room. */
export function inviterOf(room: Room, userId: string): Person | undefined {
  const event = room.currentState.getStateEvents(EventType.RoomMember, userId)
  const sender = event?.getSender()
  return sender === undefined || sender === userId ? undefined : personIn(room, sender)
}
