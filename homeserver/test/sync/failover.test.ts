import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text } from '../harness/user.ts'
import { bodies, joined } from './reader.ts'

/** A failover that loses the log's last event, for a server over whose only room it was sent. */
async function loseTheLast({ ctx }: TestServer): Promise<void> {
  const end = ctx.log.head
  await sql`UPDATE stream SET timeline = 'ABCDEF01', last_pos = ${end - 1}`.execute(ctx.db)
  await sql`DELETE FROM events WHERE pos = ${end}`.execute(ctx.db)
  await sql`UPDATE rooms SET extremities = ${[end - 1]}, last_pos = ${end - 1}`.execute(ctx.db)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'hearth append' AND datname = current_database()`.execute(ctx.db)
}

test('a sync that waits through a failover misses nothing of what takes the place of the lost', async () => {
  await using server = await startTestServer()
  const alice = await server.user('alice')
  const bob = await server.user('bob')
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await alice.say(room, 'before')
  await alice.say(room, 'lost')
  const since = text(await bob.sync(), 'next_batch')
  const waiting = bob.call('GET', `/sync?since=${since}&timeout=60000`)
  // asleep once it asks nothing more: it is answered only when something new comes
  ok(await bob.call('GET', '/account/whoami'))
  await loseTheLast(server)
  // a send that was authorised in the lost history is refused, and the client repeats it
  await expect.poll(() => alice.say(room, 'in its place').catch(() => undefined)).toBeDefined()
  await alice.say(room, 'after')
  const answer = ok(await waiting)
  const next = text(answer, 'next_batch')
  const more = ok(await bob.call('GET', `/sync?since=${next}`))
  const told = [...bodies(joined(answer, room)), ...bodies(joined(more, room))]
  expect(told.slice(-3)).toEqual(['before', 'in its place', 'after'])
  expect(at(joined(answer, room), 'state')).toBeDefined()
})
