import type { Context } from '#context'
import type { Requester } from '#http/endpoint.ts'
import { parseUserId, type UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import { PASSWORD_STAGE, passwordStage } from '#services/uia/index.ts'

export interface PasswordRequest {
  /** Method and path. */
  readonly operation: string
  /** The body as it came. */
  readonly source: JsonObject
  /** Undefined: nobody is signed in, and the password tells who it is. */
  readonly requester: Requester | undefined
  readonly ctx: Context
  /** A password that was entered on this device a short time ago is enough. */
  readonly reusesPassword?: true
}

/**
 * Lets a request pass once its user has proved the password, and tells who that is.
 * @throws {MatrixError} 401 with the flows; 403 for the password of somebody else
 */
export async function requirePassword(request: PasswordRequest): Promise<UserId> {
  const { ctx, operation, requester, reusesPassword, source: body } = request
  const outcome = await ctx.uia.authorize({
    operation,
    body,
    requester,
    flows: [[passwordStage(requester?.userId, ctx.accounts)]],
    // the password is proof enough, and common clients send it at once
    sessionless: true,
    ...(reusesPassword && { reusesPassword }),
  })
  const proved = outcome.completed.get(PASSWORD_STAGE)
  return requester?.userId ?? parseUserId(typeof proved === 'string' ? proved : '')
}
