import type { Authenticator, Credentials } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'

/** What the sign-in and the registration form have in common. */
export interface AuthFormState {
  /** The homeserver as typed. */
  readonly homeserver: string
  readonly username: string
  readonly password: string
  readonly busy: boolean
  readonly failure: Failure | undefined
}

/** The name by which a person knows a server: the address without the scheme. */
export function serverLabel(homeserver: string): string {
  return homeserver
    .trim()
    .replace(/^https?:\/\//iu, '')
    .replace(/\/+$/u, '')
}

/** Runs a step and returns its failure instead of throwing. */
export async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly failure: Failure }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { failure: asFailure(error) }
  }
}

/** What a view model of this feature is given. */
export interface AuthDependencies {
  readonly authenticator: Authenticator
  /** The page's own origin, prefilled as the homeserver. */
  readonly origin: string
  /** Called with the new session. */
  readonly onSignedIn: (session: Credentials) => void
}
