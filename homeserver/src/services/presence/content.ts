import type { UserPresence } from './user-presence.ts'

/** What is told of a user's presence, the time as of now. */
export function presenceContent(user: UserPresence, now: number) {
  const { presence, currentlyActive, statusMsg } = user.shown
  return {
    presence,
    ...(user.lastActive > 0 && { last_active_ago: Math.max(0, now - user.lastActive) }),
    ...(presence === 'online' && { currently_active: currentlyActive }),
    ...(statusMsg !== undefined && { status_msg: statusMsg }),
  }
}

/** `m.presence`. https://spec.matrix.org/v1.19/client-server-api/#mpresence */
export function presenceEvent(user: UserPresence, now: number): string {
  const content = presenceContent(user, now)
  return JSON.stringify({ type: 'm.presence', sender: user.userId, content })
}
