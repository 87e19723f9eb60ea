import { ConnectionError, HTTPError, MatrixError } from 'matrix-js-sdk'
import { Failure, type FailureCode } from '#lib/errors.ts'

// https://spec.matrix.org/v1.19/client-server-api/#common-error-codes
const CODES: Readonly<Record<string, FailureCode>> = {
  M_FORBIDDEN: 'forbidden',
  M_NOT_FOUND: 'not-found',
  M_LIMIT_EXCEEDED: 'rate-limited',
  M_UNKNOWN_TOKEN: 'signed-out',
  M_MISSING_TOKEN: 'signed-out',
  M_USER_IN_USE: 'username-taken',
  M_INVALID_USERNAME: 'username-invalid',
  M_EXCLUSIVE: 'username-reserved',
  M_WEAK_PASSWORD: 'password-weak',
  M_USER_DEACTIVATED: 'account-deactivated',
  M_TOO_LARGE: 'too-large',
}

function retryAfter(error: HTTPError): number | undefined {
  if (!error.isRateLimitError()) return undefined
  try {
    return error.getRetryAfterMs() ?? undefined
  } catch {
    return undefined
  }
}

/** An error of the SDK as a Failure. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof MatrixError) {
    const code = CODES[error.errcode ?? ''] ?? 'unknown'
    const detail = typeof error.data.error === 'string' ? error.data.error : ''
    return new Failure(code, detail, retryAfter(error))
  }
  if (error instanceof ConnectionError || error instanceof TypeError) return new Failure('network')
  if (error instanceof HTTPError) return new Failure('unknown', `HTTP ${error.httpStatus ?? ''}`)
  return new Failure('unknown', error instanceof Error ? error.message : '')
}

/** Waits for `work` and turns what it throws into a Failure. */
export async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toFailure(error)
  }
}
