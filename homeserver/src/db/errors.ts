import { MatrixError } from '#matrix/errors.ts'

/** How long a client is told to wait before it tries again, in milliseconds. */
const RETRY_AFTER_MS = 1000

/**
 * The database can't be reached, the connection broke under a statement, or Postgres is there and
 * has no room or time for it: 503 for the client, who may repeat the request. `sent` tells whether
 * the statement may have been executed: a write with `sent` true has an unknown outcome, one with
 * `sent` false has certainly not happened. The cause says what is wrong.
 */
export class DatabaseUnavailable extends MatrixError {
  readonly sent: boolean

  constructor(options: { sent: boolean; cause: unknown; message?: string }) {
    const message = options.message ?? 'The database cannot be reached at the moment.'
    super(503, 'M_UNKNOWN', message, { retry_after_ms: RETRY_AFTER_MS })
    this.name = 'DatabaseUnavailable'
    this.sent = options.sent
    this.cause = options.cause
  }
}

/** Postgres refuses to serve this server: wrong version, wrong owner, unknown schema. Say so and exit. */
export class DatabaseRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DatabaseRefused'
  }
}

/** The five-character SQLSTATE of an error that Postgres sent. Each has a digit; EPIPE is none. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined
}

/** Serialization failure or deadlock: the whole transaction may be run again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/** A unique or exclusion constraint was violated, by name when one is given. */
export function isConflict(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505' && sqlState(error) !== '23P01') return false
  if (constraint === undefined) return true
  return error instanceof Error && 'constraint' in error && error.constraint === constraint
}

/**
 * Postgres is well and can't do it now: the disk, the memory or the connections are used up, a file
 * can't be written, or the statement took too long. Nothing has happened.
 */
export function isExhausted(error: unknown): boolean {
  return /^(53...|58030|57014|55P03)$/.test(sqlState(error) ?? '')
}

/** What a client may repeat becomes {@link DatabaseUnavailable}; anything else stays what it is. */
export function asUnavailable(error: unknown, sent: boolean): unknown {
  if (isConnectionError(error)) return new DatabaseUnavailable({ sent, cause: error })
  if (!isExhausted(error)) return error
  const message = 'The database cannot do this at the moment.'
  return new DatabaseUnavailable({ sent: false, cause: error, message })
}

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/**
 * True for a broken, refused or silent connection, a starting or stopping Postgres, one that is only
 * a standby (25006), or no free connection: whoever holds it should connect anew.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const state = sqlState(error)
  if (state !== undefined) return /^(08...|57P0[1-35]|53300|25006|25P03)$/.test(state)
  if ('code' in error && typeof error.code === 'string') return SOCKET_ERRORS.has(error.code)
  // pg reports these without a code
  return /connection terminated|connection timeout|timeout expired|timeout exceeded when trying to connect|query read timeout|not queryable/i.test(
    error.message,
  )
}
