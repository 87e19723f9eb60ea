import { it } from 'vitest'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer } from '../harness/server.ts'
import { ok } from '../harness/user.ts'
import { expectError, inRoom } from './room-paths.ts'

const ample = { per_second: 1_000, burst_count: 1_000 }

it('the limit of joins counts those sent as state events, not the profile of a member', async () => {
  const limiter = createRateLimiter({
    registration: ample,
    'registration-check': ample,
    join: { per_second: 0.001, burst_count: 1 },
  })
  await using server = await startTestServer({ policies: { limiter } })
  const alice = await server.user('alice')
  const bob = await server.user('bob')
  const join = async (displayname: string, roomId: string) =>
    await bob.call('PUT', inRoom(roomId, 'state', 'm.room.member', bob.userId), {
      membership: 'join',
      displayname,
    })
  const first = await alice.createRoom({ preset: 'public_chat' })
  const second = await alice.createRoom({ preset: 'public_chat' })
  ok(await join('Bob', first))
  ok(await join('Bobby', first))
  expectError(await join('Bob', second), 429, 'M_LIMIT_EXCEEDED')
})
