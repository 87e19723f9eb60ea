// POST /_matrix/client/v3/login
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login
import type { Context } from '#context'
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden, MatrixError, missingParam } from '#matrix/errors.ts'
import { deviceId } from '#matrix/ids.ts'
import type { Account } from '#services/accounts/index.ts'
import { deviceName } from '../device-management/device-name.ts'
import { signedInBody } from './session-body.ts'

const body = z.object({
  type: z.string(),
  identifier: z.looseObject({ type: z.string(), user: z.string().optional() }).optional(),
  user: z.string().optional(),
  medium: z.string().optional(),
  address: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  device_id: deviceId.optional(),
  initial_device_display_name: deviceName.optional(),
  refresh_token: z.boolean().optional(),
})
type LoginBody = z.output<typeof body>

export const login = endpoint({
  method: 'POST',
  path: '/_matrix/client/v3/login',
  auth: 'none',
  rateLimit: 'login',
  body,
  async handler({ body, ctx }) {
    const account = await accountOf(body, ctx)
    const session = await ctx.sessions.create(account, {
      deviceId: body.device_id,
      displayName: body.initial_device_display_name,
      refreshable: body.refresh_token,
    })
    const baseUrl = ctx.config.http.public_baseurl
    return {
      ...signedInBody(account.userId, session, ctx.serverName),
      ...(baseUrl !== undefined && { well_known: { 'm.homeserver': { base_url: baseUrl } } }),
    }
  },
})

async function accountOf(body: LoginBody, ctx: Context): Promise<Account> {
  if (body.type === 'm.login.password') return await byPassword(body, ctx)
  if (body.type === 'm.login.token') return await byToken(body, ctx)
  throw new MatrixError(400, 'M_UNKNOWN', `Unknown login type: ${body.type}`)
}

async function byPassword(body: LoginBody, ctx: Context): Promise<Account> {
  if (body.password === undefined) throw missingParam('password')
  // third-party identifiers are unknown here, and an unknown one is answered like a wrong password
  if (body.identifier !== undefined && body.identifier.type !== 'm.id.user') {
    throw forbidden('Wrong user name or password.')
  }
  const user = body.identifier?.user ?? body.user
  if (user === undefined) throw missingParam('identifier.user')
  return await ctx.accounts.signIn(user, body.password)
}

async function byToken(body: LoginBody, ctx: Context): Promise<Account> {
  if (body.token === undefined) throw missingParam('token')
  const account = await ctx.accounts.find(await ctx.sessions.takeLoginToken(body.token))
  if (account === undefined || account.deactivated) throw forbidden()
  return account
}
