import { MatrixError, missingParam } from '#matrix/errors.ts'
import { own } from '#matrix/json.ts'
import type { UiaStage } from '#services/uia/index.ts'
import type { SetupToken } from './setup-token.ts'
import type { RegistrationTokens } from './tokens.ts'

export const TOKEN_STAGE = 'm.login.registration_token'

/** What the stage resolves to. */
export type TokenUse = 'setup' | 'token'

/**
 * Takes a registration token, or the one of the set-up link.
 * https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration
 */
export function registrationTokenStage(deps: {
  readonly setup: SetupToken
  readonly tokens: RegistrationTokens
}): UiaStage {
  return {
    type: TOKEN_STAGE,
    async check(auth, session): Promise<TokenUse> {
      const token = own(auth, 'token')
      if (typeof token !== 'string') throw missingParam('auth.token')
      if (await deps.setup.matches(token)) return 'setup'
      if (await deps.tokens.reserve(token, session)) return 'token'
      throw new MatrixError(401, 'M_UNAUTHORIZED', 'The registration token is not valid.')
    },
  }
}
