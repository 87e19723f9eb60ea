import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import {
  forbidden,
  guestForbidden,
  missingToken,
  userLocked,
  userSuspended,
} from '#matrix/errors.ts'
import type { Endpoint, Requester } from './endpoint.ts'

/** Which requests may carry the access token in the query string. */
type AccessTokenQuery = 'off' | 'all'

export interface AuthGuardDeps {
  /** @throws {MatrixError} 401 `M_UNKNOWN_TOKEN` */
  readonly authenticate: (token: string) => Promise<Requester>
  /** Told of each authenticated request. */
  readonly seen: (requester: Requester, ip: string, userAgent: string) => void
  readonly accessTokenQuery: AccessTokenQuery
}

/** What of an operation's declaration decides who may call it. */
export type Access = Pick<Endpoint, 'auth' | 'method' | 'guests' | 'whileLocked' | 'whileSuspended'>

/**
 * Lets a request pass, or throws.
 * https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens
 * @throws {MatrixError} 401 without a valid token or for a locked account, 403 when an administrator is
 *   required, or for what a guest or a suspended account may not do
 */
export async function requesterOf(
  access: Access,
  request: IncomingMessage,
  querystring: string,
  deps: AuthGuardDeps,
): Promise<Requester | undefined> {
  const { auth } = access
  if (auth === 'none') return undefined
  const token = bearerToken(request) ?? queryToken(querystring, deps.accessTokenQuery)
  if (token === undefined) {
    if (auth === 'optional') return undefined
    throw missingToken()
  }
  const requester = await deps.authenticate(token)
  requireAllowed(requester, access)
  return requester
}

function requireAllowed(requester: Requester, access: Access): void {
  const { auth, method } = access
  if (requester.locked && access.whileLocked !== true) throw userLocked()
  if (requester.suspended && method !== 'GET' && access.whileSuspended !== true) {
    throw userSuspended()
  }
  if (requester.guest && auth !== 'optional' && access.guests !== true) throw guestForbidden()
  if (auth === 'admin' && !requester.admin) throw forbidden('You are not a server administrator.')
}

function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  if (header.startsWith('Bearer ')) return header.slice(7).trim() || undefined
  return /^bearer +(\S+)$/i.exec(header)?.[1]
}

function queryToken(querystring: string, allowed: AccessTokenQuery): string | undefined {
  if (allowed !== 'all') return undefined
  const token = parse(querystring)['access_token']
  return typeof token === 'string' && token !== '' ? token : undefined
}
