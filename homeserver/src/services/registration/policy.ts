/**
 * Who may register. Tokens that an administrator made are good in every mode.
 * `closed`: nobody else; `token`: the same, and clients are told that a token is wanted;
 * `open`: everybody.
 */
export type RegistrationMode = 'closed' | 'token' | 'open'

export interface RegistrationPolicy {
  readonly mode: RegistrationMode
  /** Takes `m.login.dummy` in the first request, without a session: for test suites. */
  readonly sessionlessDummy: boolean
  /** Lets its holder make accounts through the administration API. */
  readonly sharedSecret: string | undefined
}
