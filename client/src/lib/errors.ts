/** Matrix error codes that screens have their own words for. */
export type FailureCode =
  | 'network'
  | 'not-a-homeserver'
  | 'wrong-credentials'
  | 'account-deactivated'
  | 'username-taken'
  | 'username-invalid'
  | 'username-reserved'
  | 'password-weak'
  | 'token-invalid'
  | 'registration-closed'
  | 'registration-unsupported'
  | 'rate-limited'
  | 'forbidden'
  | 'not-found'
  | 'signed-out'
  | 'too-large'
  | 'unknown'

/** A failed request in words a screen can translate; `detail` is the server's own sentence. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly detail: string
  readonly retryAfterMs: number | undefined

  constructor(code: FailureCode, detail = '', retryAfterMs?: number) {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'Failure'
    this.code = code
    this.detail = detail
    this.retryAfterMs = retryAfterMs
  }
}

/** Any thrown value as a Failure. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  return new Failure('unknown', error instanceof Error ? error.message : '')
}
