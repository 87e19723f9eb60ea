import { beforeEach, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'
import { bundleOf, ids, react, reaction, redact, relations, send } from './relate.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string
let root: string

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))
beforeEach(async () => {
  root = await alice.say(roomId, 'root')
})

it('the same annotation of one user is refused, every other one is not', async () => {
  await react(bob, roomId, root, '👍')
  const again = await send(bob, roomId, 'm.reaction', reaction(root, '👍'))
  expectError(again, 400, 'M_DUPLICATE_ANNOTATION')
  await react(bob, roomId, root, '👎')
  await react(alice, roomId, root, '👍')
  ok(await send(bob, roomId, 'org.example.reaction', reaction(root, '👍')))
  await react(bob, roomId, await alice.say(roomId, 'another'), '👍')
  expect(ids(await relations(bob, roomId, [root, 'm.annotation', 'm.reaction']))).toHaveLength(3)
})

it('a redacted annotation may be made again', async () => {
  await redact(bob, roomId, await react(bob, roomId, root, '👍'))
  await react(bob, roomId, root, '👍')
})

it('a repeated request gets the first annotation, by whichever worker it comes', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const first = ok(await send(bob, roomId, 'm.reaction', reaction(root, 'x'), 'once'))
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.reaction`
  const body = reaction(root, 'x')
  const again = await other.request('PUT', `${path}/once`, { token: bob.token, body })
  expect(ok(again)).toEqual(first)
  expectError(
    await other.request('PUT', `${path}/twice`, { token: bob.token, body }),
    400,
    'M_DUPLICATE_ANNOTATION',
  )
})

it('of many equal annotations at once one is made', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => send(bob, roomId, 'm.reaction', reaction(root, 'race'))),
  )
  const statuses = answers.map(({ status }) => status).sort((a, b) => a - b)
  expect(statuses).toEqual([200, 400, 400, 400, 400, 400, 400, 400])
  expect(ids(await relations(bob, roomId, [root]))).toHaveLength(1)
})

it('annotations are not bundled', async () => {
  await react(bob, roomId, root, '👍')
  expect(await bundleOf(alice, roomId, root)).toBeUndefined()
})

it('an annotation without a key is no annotation', async () => {
  const content = { 'm.relates_to': { rel_type: 'm.annotation', event_id: root } }
  const first = text(ok(await send(bob, roomId, 'm.reaction', content)), 'event_id')
  const second = text(ok(await send(bob, roomId, 'm.reaction', content)), 'event_id')
  expect(second).not.toBe(first)
  expect(at(await relations(bob, roomId, [root]), 'chunk', 1, 'event_id')).toBe(first)
})
