import { stringAt } from '../../target/json.ts'
import { expectOk, register, User } from '../../target/user.ts'
import { Promises } from './promises.ts'
import { Reader } from './reader.ts'
import type { Rng } from './rng.ts'
import type { ScatteredHttp } from './scattered-http.ts'
import type { Violations } from './violations.ts'
import { Writer } from './writer.ts'

const PEOPLE = 4
const ROOMS = 2

/** Four people in some rooms, each with a device that writes and one that syncs. */
export interface World {
  readonly rooms: readonly string[]
  readonly writers: readonly Writer[]
  readonly readers: readonly Reader[]
  readonly promises: Promises
}

export async function createWorld(
  http: ScatteredHttp,
  rng: Rng,
  violations: Violations,
): Promise<World> {
  const promises = new Promises()
  const users: User[] = []
  for (let n = 0; n < PEOPLE; n += 1) users.push(await register(http.another(), `person${n}`))
  const rooms: string[] = []
  for (let n = 0; n < ROOMS; n += 1) rooms.push(await sharedRoom(users))
  const readers: Reader[] = []
  for (const user of users) {
    const reader = new Reader(await secondDevice(http.another(), user), {
      promises,
      violations,
      rng: rng.fork(),
    })
    await reader.calmStep(0)
    readers.push(reader)
  }
  const audience = { rooms, devices: readers.map(({ user }) => user) }
  const writers = users.map(
    (user) => new Writer(user, { promises, violations, audience, rng: rng.fork() }),
  )
  return { rooms, writers, readers, promises }
}

async function sharedRoom([owner, ...others]: readonly User[]): Promise<string> {
  if (owner === undefined) throw new Error('Nobody is there.')
  const roomId = await owner.createRoom({ preset: 'public_chat' })
  for (const other of others) await other.join(roomId)
  return roomId
}

async function secondDevice(http: ScatteredHttp, { userId }: User): Promise<User> {
  const [username = ''] = userId.slice(1).split(':')
  const body = expectOk(
    await http.request('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: username },
        password: `password of ${username}`,
      },
    }),
  )
  return new User(http, userId, stringAt(body, 'access_token'), stringAt(body, 'device_id'))
}
