import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startTestServer, type TestServer } from './server.ts'
import type { TestUser } from './user.ts'

/** What many files' tests begin with. */
export interface SharedRoom {
  readonly server: TestServer
  readonly alice: TestUser
  readonly bob: TestUser
  /** A public room of Alice's that Bob has joined. */
  readonly roomId: string
}

/**
 * Starts a server with Alice and Bob for the tests of the calling file, and makes them a room for each.
 * @param begin told before each test, to put the parts where the tests look for them
 */
export function inSharedRoom(begin: (room: SharedRoom) => void): void {
  let people: Omit<SharedRoom, 'roomId'>
  beforeAll(async () => {
    const server = await startTestServer()
    people = { server, alice: await server.user('alice'), bob: await server.user('bob') }
  })
  beforeEach(async () => {
    const roomId = await people.alice.createRoom({ preset: 'public_chat' })
    await people.bob.join(roomId)
    begin({ ...people, roomId })
  })
  afterAll(() => people.server[Symbol.asyncDispose]())
}
