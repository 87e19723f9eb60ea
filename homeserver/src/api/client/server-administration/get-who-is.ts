// GET /_matrix/client/v3/admin/whois/{userId}
// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3adminwhoisuserid
import { endpoint, z } from '#http/endpoint.ts'
import { forbidden, notFound } from '#matrix/errors.ts'
import { userId } from '#matrix/ids.ts'
import type { Device } from '#services/sessions/index.ts'

export const getWhoIs = endpoint({
  method: 'GET',
  path: '/_matrix/client/v3/admin/whois/:userId',
  auth: 'user',
  params: z.object({ userId }),
  async handler({ params, requester, ctx }) {
    if (!requester.admin && !requester.mayActAs(params.userId)) {
      throw forbidden('Only administrators may look up other users.')
    }
    const account = await ctx.accounts.find(params.userId)
    if (account === undefined) throw notFound('There is no such user.')
    const devices = await ctx.devices.list(account.key)
    return {
      user_id: account.userId,
      devices: Object.fromEntries(
        devices.map((device) => [
          device.deviceId,
          { sessions: [{ connections: connections(device) }] },
        ]),
      ),
    }
  },
})

/** The latest connection, which is all that is kept. */
function connections({ lastSeenTs, lastSeenIp, lastSeenUserAgent }: Device) {
  if (lastSeenTs === null) return []
  return [
    {
      last_seen: lastSeenTs,
      ...(lastSeenIp !== null && { ip: lastSeenIp }),
      ...(lastSeenUserAgent !== null && { user_agent: lastSeenUserAgent }),
    },
  ]
}
