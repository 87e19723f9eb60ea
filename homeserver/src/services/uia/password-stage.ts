import { forbidden, missingParam } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { Accounts } from '#services/accounts/index.ts'
import type { UiaStage } from './stage.ts'

/**
 * The signed-in user proves the password once more.
 * https://spec.matrix.org/v1.19/client-server-api/#password-based
 */
export function passwordStage(
  userId: UserId,
  accounts: Pick<Accounts, 'named' | 'signIn'>,
): UiaStage {
  return {
    type: 'm.login.password',
    async check(auth) {
      const password = own(auth, 'password')
      if (typeof password !== 'string') throw missingParam('auth.password')
      if (accounts.named(namedIn(auth)) !== userId) {
        throw forbidden('The password must be that of the signed-in user.')
      }
      await accounts.signIn(userId, password)
      return null
    },
  }
}

function namedIn(auth: JsonObject): string {
  const identifier = own(auth, 'identifier')
  const user = isJsonObject(identifier) ? own(identifier, 'user') : own(auth, 'user')
  if (typeof user !== 'string') throw missingParam('auth.identifier.user')
  return user
}
