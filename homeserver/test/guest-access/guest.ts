import type { TestServer } from '../harness/server.ts'
import { ok, text } from '../harness/user.ts'

export const REGISTER = '/_matrix/client/v3/register'

/** A new guest of a server that admits guests. */
export async function guestOn(server: TestServer, body: unknown = {}) {
  const made = ok(await server.request('POST', `${REGISTER}?kind=guest`, { body }))
  const [userId, token] = [text(made, 'user_id'), text(made, 'access_token')]
  return {
    userId,
    token,
    deviceId: text(made, 'device_id'),
    call: (method: string, path: string, sent?: unknown) =>
      server.request(method, `/_matrix/client/v3${path}`, { token, body: sent }),
  }
}

export type Guest = Awaited<ReturnType<typeof guestOn>>
