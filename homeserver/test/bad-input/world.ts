import { adminOn } from '../server-administration/admin.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { text, type TestUser } from '../harness/user.ts'
import { type Tokens, tokensOf } from './tokens.ts'

/** One server with all that requests can be about, for a whole file of tests. */
export interface World extends AsyncDisposable {
  readonly server: TestServer
  /** Made all the rooms but `secret`. */
  readonly alice: TestUser
  /** Is in `room` and `other`, with no power. */
  readonly bob: TestUser
  /** Is in `secret` alone. */
  readonly eve: TestUser
  readonly admin: TestUser
  readonly room: string
  readonly event: string
  readonly other: string
  readonly otherEvent: string
  readonly secret: string
  readonly secretEvent: string
  /** Alice's, where they are anybody's. */
  readonly tokens: Tokens
}

/** Ids as this server makes them, of what it does not have. */
export const UNKNOWN_ROOM = `!${'r'.repeat(43)}`
export const UNKNOWN_EVENT = `$${'e'.repeat(43)}`

/** What the server needs so that every operation can succeed. */
const CONFIG = `
presence: { enabled: true }
registration: { guests: true }
support: { page: https://help.example.org/ }
`

export async function startWorld(): Promise<World> {
  const server = await startTestServer({ config: CONFIG })
  const [alice, bob, eve, admin] = [
    await server.user('alice'),
    await server.user('bob'),
    await server.user('eve'),
    await adminOn(server),
  ]
  const stale = text(await alice.sync(), 'next_batch')
  const [room, other, secret] = [
    await alice.createRoom({ preset: 'public_chat' }),
    await alice.createRoom({ preset: 'public_chat' }),
    await eve.createRoom({ preset: 'private_chat' }),
  ]
  await bob.join(room)
  await bob.join(other)
  return {
    server,
    alice,
    bob,
    eve,
    admin,
    room,
    other,
    secret,
    event: await alice.say(room, 'of the room'),
    otherEvent: await alice.say(other, 'of another room'),
    secretEvent: await eve.say(secret, 'of a room that nobody else is in'),
    tokens: await tokensOf(alice, stale, other),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
