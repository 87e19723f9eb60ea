import type { TestServer } from '../harness/server.ts'
import type { TestUser } from '../harness/user.ts'

/** A new administrator, signed in. */
export async function adminOn(server: TestServer, localpart = 'admin'): Promise<TestUser> {
  const user = await server.user(localpart)
  await server.ctx.db
    .updateTable('accounts')
    .set({ admin: true })
    .where('user_id', '=', user.userId)
    .execute()
  return await user.otherDevice()
}

/** The lock or the suspension of an account, as `caller` asks for it or sets it. */
export async function restriction(
  caller: TestUser,
  kind: 'lock' | 'suspend',
  userId: string,
  body?: unknown,
) {
  const path = `/_matrix/client/v1/admin/${kind}/${encodeURIComponent(userId)}`
  const method = body === undefined ? 'GET' : 'PUT'
  return await caller.server.request(method, path, { token: caller.token, body })
}
