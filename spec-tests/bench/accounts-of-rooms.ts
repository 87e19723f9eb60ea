import type { User } from '../target/user.ts'
import { expectOk } from '../target/user.ts'
import { inParallel } from './loops.ts'
import type { Subject } from './subject.ts'

const AT_ONCE = 8
const ROOMS_PER_OWNER = 50

/**
 * Fresh users in `count` public rooms that others have made: each with a name and, after all have
 * joined, one message.
 */
export async function accountsOfRooms(
  subject: Subject,
  count: number,
  userCount: number,
): Promise<{ users: User[]; rooms: string[] }> {
  const ownerCount = Math.ceil(count / ROOMS_PER_OWNER)
  const owners = await inParallel(ownerCount, AT_ONCE, () => subject.user('owner'))
  const users = await inParallel(userCount, AT_ONCE, () => subject.user('member'))
  const rooms = await inParallel(count, AT_ONCE, async (n) => {
    const owner = owners[n % owners.length]
    if (owner === undefined) throw new Error('No owner')
    const room = await owner.createRoom({ preset: 'public_chat', name: `Room ${n}` })
    for (const user of users) await user.join(room)
    await owner.sendText(room, `The message of room ${n}`)
    return room
  })
  return { users, rooms }
}

const FIRST_SYNC = `/_matrix/client/v3/sync?timeout=0&filter=${encodeURIComponent(
  JSON.stringify({ room: { state: { lazy_load_members: true } } }),
)}`

/** `/sync` without a token, members loaded lazily. */
export async function firstSync(user: User): Promise<unknown> {
  return expectOk(await user.call('GET', FIRST_SYNC))
}
