import type { JsonObject } from './json.ts'

/**
 * An error in the domain's own language: what a client is told.
 * https://spec.matrix.org/v1.19/client-server-api/#standard-error-response
 */
export class MatrixError extends Error {
  readonly status: number
  readonly errcode: string
  readonly extra: JsonObject
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    errcode: string,
    message: string,
    extra: JsonObject = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'MatrixError'
    this.status = status
    this.errcode = errcode
    this.extra = extra
    this.headers = headers
  }

  /** The response body: `errcode`, `error` and the extra fields. */
  toJSON(): JsonObject {
    return { errcode: this.errcode, error: this.message, ...this.extra }
  }
}

export const forbidden = (message = 'You are not allowed to do this.') =>
  new MatrixError(403, 'M_FORBIDDEN', message)

export const notFound = (message = 'Not found.') => new MatrixError(404, 'M_NOT_FOUND', message)

export const unrecognized = (message = 'Unrecognized request.', status: 404 | 405 = 404) =>
  new MatrixError(status, 'M_UNRECOGNIZED', message)

export const notJson = (message = 'The request body is not valid JSON.') =>
  new MatrixError(400, 'M_NOT_JSON', message)

export const badJson = (message: string) => new MatrixError(400, 'M_BAD_JSON', message)

export const missingParam = (name: string) =>
  new MatrixError(400, 'M_MISSING_PARAM', `Missing parameter: ${name}`)

export const invalidParam = (message: string) => new MatrixError(400, 'M_INVALID_PARAM', message)

export const tooLarge = (message: string) => new MatrixError(413, 'M_TOO_LARGE', message)

export const missingToken = () =>
  new MatrixError(401, 'M_MISSING_TOKEN', 'An access token is required.')

export const unknownToken = (options: { softLogout?: boolean } = {}) =>
  new MatrixError(401, 'M_UNKNOWN_TOKEN', 'The access token is not known or no longer valid.', {
    ...(options.softLogout === true && { soft_logout: true }),
  })

/** https://spec.matrix.org/v1.19/client-server-api/#account-locking */
export const userLocked = () =>
  new MatrixError(401, 'M_USER_LOCKED', 'This account has been locked.', { soft_logout: true })

/** https://spec.matrix.org/v1.19/client-server-api/#account-suspension */
export const userSuspended = () =>
  new MatrixError(403, 'M_USER_SUSPENDED', 'You cannot perform this action while suspended.')

export const guestForbidden = (message = 'Guests may not do this.') =>
  new MatrixError(403, 'M_GUEST_ACCESS_FORBIDDEN', message)

/** 429 with both the header and the field, as clients read either. */
export const limitExceeded = (retryAfterMs: number) =>
  new MatrixError(
    429,
    'M_LIMIT_EXCEEDED',
    'Too many requests.',
    { retry_after_ms: Math.ceil(retryAfterMs) },
    { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) },
  )

export const userInUse = () => new MatrixError(400, 'M_USER_IN_USE', 'This user ID is taken.')

export const invalidUsername = (message: string) =>
  new MatrixError(400, 'M_INVALID_USERNAME', message)

export const unsupportedRoomVersion = (version: string) =>
  new MatrixError(
    400,
    'M_UNSUPPORTED_ROOM_VERSION',
    `Room version ${JSON.stringify(version)} is not supported.`,
  )

export const roomInUse = () => new MatrixError(400, 'M_ROOM_IN_USE', 'This room alias is taken.')

export const invalidRoomState = (message: string) =>
  new MatrixError(400, 'M_INVALID_ROOM_STATE', message)

/** The server can't do this at the moment; the same request may be repeated. */
export const unavailable = (message: string, retryAfterMs = 1000) =>
  new MatrixError(503, 'M_UNKNOWN', message, { retry_after_ms: retryAfterMs })
