import type { UserId } from '#matrix/ids.ts'
import type { Session } from '#services/sessions/index.ts'

/** What a client is told of a new session. */
export interface SessionBody {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in_ms?: number
}

/** A session's tokens as answers carry them. */
export function sessionBody(session: Omit<Session, 'deviceId'>): SessionBody {
  const { accessToken, refreshToken, expiresInMs } = session
  return {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(expiresInMs !== undefined && { expires_in_ms: expiresInMs }),
  }
}

/** What a client is told that has signed in or registered. */
export function signedInBody(userId: UserId, session: Session, homeServer: string) {
  return {
    user_id: userId,
    ...sessionBody(session),
    device_id: session.deviceId,
    home_server: homeServer,
  }
}
