import { expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import { startTestServer } from '../harness/server.ts'
import { at, ok } from '../harness/user.ts'

/** Capabilities that stand for an operation: they are on exactly where it can be called. */
const STAND_FOR = [
  ['m.change_password', 'POST', '/_matrix/client/v3/account/password'],
  ['m.set_displayname', 'PUT', '/_matrix/client/v3/profile/:userId/:keyName'],
  ['m.set_avatar_url', 'PUT', '/_matrix/client/v3/profile/:userId/:keyName'],
  ['m.profile_fields', 'PUT', '/_matrix/client/v3/profile/:userId/:keyName'],
  ['m.3pid_changes', 'POST', '/_matrix/client/v3/account/3pid/add'],
  ['m.get_login_token', 'POST', '/_matrix/client/v1/login/get_token'],
] as const

test('capabilities say what the routes can do', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const answer = ok(await alice.call('GET', '/capabilities'))
  for (const [name, method, path] of STAND_FOR) {
    const isRouted = routes.some((route) => route.method === method && route.path === path)
    expect([name, at(answer, 'capabilities', name, 'enabled')]).toEqual([name, isRouted])
  }
})
