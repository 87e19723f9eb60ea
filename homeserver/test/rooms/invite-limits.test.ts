import { expect, it } from 'vitest'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer } from '../harness/server.ts'
import { ok } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from './room-paths.ts'

const ample = { per_second: 1_000, burst_count: 1_000 }
const once = { per_second: 0.001, burst_count: 1 }
const AMPLE = {
  registration: ample,
  'registration-check': ample,
  invite: ample,
  'invite-room': ample,
  'invite-target': ample,
}

it.each(['invite', 'invite-room', 'invite-target'] as const)(
  'the limit %s counts invitations sent as state events, too',
  async (bucket) => {
    const limiter = createRateLimiter({ ...AMPLE, [bucket]: once })
    await using server = await startTestServer({ policies: { limiter } })
    const alice = await server.user('alice')
    const bob = await server.user('bob')
    const roomId = await alice.createRoom()
    const path = inRoom(roomId, 'state', 'm.room.member', bob.userId)
    ok(await alice.call('PUT', path, { membership: 'invite' }))
    // not an invitation, so not counted
    ok(await alice.call('PUT', path, { membership: 'leave' }))
    expectError(await alice.call('PUT', path, { membership: 'invite' }), 429, 'M_LIMIT_EXCEEDED')
    expect(await stateOf(alice, roomId, 'm.room.member', bob.userId)).toEqual({
      membership: 'leave',
    })
  },
)
