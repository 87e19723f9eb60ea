// POST /_matrix/client/v3/auth/{authType}/fallback/web
// https://spec.matrix.org/v1.19/client-server-api/#fallback
import { endpoint, z } from '#http/endpoint.ts'
import { own } from '#matrix/json.ts'
import { dummyStage, PASSWORD_STAGE, passwordStage } from '#services/uia/index.ts'

/** What a fallback page sends; the specification leaves it to the server. */
export const completeStage = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/auth/:authType/fallback/web',
  auth: 'none',
  rateLimit: 'login',
  params: z.object({ authType: z.string() }),
  body: z.object({ session: z.string() }),
  async handler({ params, body, source, ctx }) {
    const { tokenStage } = ctx.registration
    const auth = Object.fromEntries(
      ['user', 'password', 'token'].flatMap((name) => {
        const value = own(source, name)
        return value === undefined ? [] : [[name, value]]
      }),
    )
    const attempt = { session: body.session, type: params.authType, auth }
    await ctx.uia.complete(attempt, (type, userId) => {
      if (type === PASSWORD_STAGE) return passwordStage(userId, ctx.accounts)
      if (type === tokenStage.type) return tokenStage
      return type === dummyStage.type ? dummyStage : undefined
    })
    return {}
  },
})
