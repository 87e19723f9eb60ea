import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, text, type TestUser } from '../harness/user.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

async function removed(memberships: readonly string[], query: Record<string, string> = {}) {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  const since = text(await bob.sync(), 'next_batch')
  await alice.say(room, 'before the end')
  for (const membership of memberships) {
    await alice.setState(room, 'm.room.member', bob.userId, { membership })
    await alice.say(room, `after ${membership}`)
    await alice.setState(room, 'm.room.topic', '', { topic: `secret after ${membership}` })
  }
  return { room, answer: at(await bob.sync({ since, ...query }), 'rooms', 'leave', room) }
}

const told = (answer: unknown) =>
  list(answer, 'timeline', 'events').map(
    (event) => at(event, 'content', 'body') ?? at(event, 'content', 'membership'),
  )

test('who is removed and then banned is told what happened until the removal, and the ban', async () => {
  const { answer } = await removed(['leave', 'ban'])
  expect(told(answer)).toEqual(['before the end', 'leave', 'ban'])
  expect(JSON.stringify(answer)).not.toContain('secret')
})

test('who is banned at once is told what happened until then', async () => {
  const { answer } = await removed(['ban'])
  expect(told(answer)).toEqual(['before the end', 'ban'])
  expect(JSON.stringify(answer)).not.toContain('secret')
})

test('state_after ends with the ban and holds nothing from after the removal', async () => {
  const { answer } = await removed(['leave', 'ban'], { use_state_after: 'true' })
  const own = list(answer, 'state_after', 'events').filter(
    (event) => at(event, 'state_key') === bob.userId,
  )
  expect(own.map((event) => at(event, 'content', 'membership'))).toEqual(['ban'])
  expect(JSON.stringify(answer)).not.toContain('secret')
})

test('a ban that follows a removal which was told already comes alone', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await alice.setState(room, 'm.room.member', bob.userId, { membership: 'leave' })
  const since = text(await bob.sync(), 'next_batch')
  await alice.say(room, 'not for bob')
  await alice.setState(room, 'm.room.member', bob.userId, { membership: 'ban' })
  expect(told(at(await bob.sync({ since }), 'rooms', 'leave', room))).toEqual(['ban'])
})
