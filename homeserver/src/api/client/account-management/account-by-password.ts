import { forbidden } from '#matrix/errors.ts'
import type { Account } from '#services/accounts/index.ts'
import {
  requirePassword,
  type PasswordRequest,
} from '../user-interactive-authentication/require-password.ts'

/**
 * The account whose password a request proves, with or without a token.
 * @throws {MatrixError} 401 with the flows, or `M_USER_LOCKED`; 403 for the password of somebody else
 */
export async function accountByPassword(request: PasswordRequest): Promise<Account> {
  const { ctx, requester } = request
  const account = await ctx.accounts.find(await requirePassword(request))
  if (account === undefined) throw forbidden()
  // who has a token was stopped before
  if (requester === undefined) await ctx.sessions.requireUnlocked(account.key)
  return account
}
