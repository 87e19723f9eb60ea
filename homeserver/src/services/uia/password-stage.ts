import { missingParam } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { Accounts } from '#services/accounts/index.ts'
import { FinalRefusal, type UiaStage } from './stage.ts'

export const PASSWORD_STAGE = 'm.login.password'

/**
 * The user proves the password; resolves to their user ID.
 * https://spec.matrix.org/v1.19/client-server-api/#password-based
 * @param userId who it must be; anybody with an account when undefined
 */
export function passwordStage(
  userId: UserId | undefined,
  accounts: Pick<Accounts, 'named' | 'signIn'>,
): UiaStage {
  return {
    type: PASSWORD_STAGE,
    async check(auth): Promise<string> {
      const password = own(auth, 'password')
      if (typeof password !== 'string') throw missingParam('auth.password')
      const name = namedIn(auth)
      if (userId !== undefined && accounts.named(name) !== userId) {
        throw new FinalRefusal('The password must be that of the signed-in user.')
      }
      const account = await accounts.signIn(userId ?? name, password)
      return account.userId
    },
  }
}

function namedIn(auth: JsonObject): string {
  const identifier = own(auth, 'identifier')
  if (!isJsonObject(identifier)) return requireText(own(auth, 'user'))
  const type = own(identifier, 'type')
  // nobody has a third-party identifier here
  if (type !== undefined && type !== 'm.id.user') throw new FinalRefusal('Unknown identifier.')
  return requireText(own(identifier, 'user'))
}

function requireText(user: unknown): string {
  if (typeof user !== 'string') throw missingParam('auth.identifier.user')
  return user
}
