import { describe, expect, it } from 'vitest'
import {
  edit,
  ids,
  ignore,
  react,
  redact,
  relate,
  relatedTo,
  send,
  v1,
} from '../event-relationships/relate.ts'
import type { TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))

async function threads(user: TestUser, query: Readonly<Record<string, string>> = {}) {
  const search = new URLSearchParams(query).toString()
  return ok(await v1(user, `${inRoom(roomId, 'threads')}?${search}`))
}

describe('the threads of a room', () => {
  it('come by their latest event, with it and the count bundled', async () => {
    const [one, two, three] = [
      await alice.say(roomId, 'one'),
      await alice.say(roomId, 'two'),
      await alice.say(roomId, 'no thread'),
    ]
    await relate(bob, roomId, one, 'm.thread')
    await relate(bob, roomId, two, 'm.thread')
    const latest = await relate(alice, roomId, one, 'm.thread')
    await react(bob, roomId, three, 'like')
    const page = await threads(alice)
    expect(ids(page)).toEqual([one, two])
    expect(at(page, 'next_batch')).toBeUndefined()
    expect(at(page, 'chunk', 0, 'unsigned', 'm.relations', 'm.thread')).toMatchObject({
      count: 2,
      latest_event: { event_id: latest },
    })
  })

  it('page by page, each thread once', async () => {
    const roots: string[] = []
    for (let n = 0; n < 5; n++) roots.push(await alice.say(roomId, String(n)))
    for (const root of [...roots, ...roots.toReversed()])
      await relate(bob, roomId, root, 'm.thread')
    const seen: string[] = []
    let from: string | undefined
    for (let pages = 0; pages < 3; pages++) {
      const page = await threads(alice, { limit: '2', ...(from !== undefined && { from }) })
      seen.push(...ids(page))
      from = pages < 2 ? text(page, 'next_batch') : undefined
      if (pages === 2) expect(at(page, 'next_batch')).toBeUndefined()
    }
    expect(seen).toEqual(roots)
  })

  it('only those in which one took part, when asked', async () => {
    const carol = await server.user('carol')
    await carol.join(roomId)
    const mine = await carol.say(roomId, 'mine')
    const answered = await alice.say(roomId, 'answered')
    const other = await alice.say(roomId, 'other')
    await relate(bob, roomId, mine, 'm.thread')
    await relate(carol, roomId, answered, 'm.thread')
    await relate(bob, roomId, answered, 'm.thread')
    await relate(bob, roomId, other, 'm.thread')
    expect(ids(await threads(carol, { include: 'participated' }))).toEqual([answered, mine])
    expect(ids(await threads(carol, { include: 'all' }))).toEqual([other, answered, mine])
  })

  it('an ignored user begins a thread unseen, and does not bring one up', async () => {
    const dave = await server.user('dave')
    await dave.join(roomId)
    const begun = await dave.say(roomId, 'begun')
    const other = await alice.say(roomId, 'other')
    await relate(bob, roomId, begun, 'm.thread')
    await relate(bob, roomId, other, 'm.thread')
    await relate(dave, roomId, begun, 'm.thread')
    expect(ids(await threads(alice))).toEqual([begun, other])
    await ignore(alice, dave.userId)
    const page = await threads(alice)
    expect(ids(page)).toEqual([other, begun])
    expect(at(page, 'chunk', 1, 'content')).toEqual({})
    expect(at(page, 'chunk', 1, 'unsigned', 'm.relations', 'm.thread', 'count')).toBe(1)
    await ignore(alice)
  })

  it('a thread ends with its last event', async () => {
    const root = await alice.say(roomId, 'root')
    const only = await relate(bob, roomId, root, 'm.thread')
    expect(ids(await threads(alice))).toEqual([root])
    await redact(bob, roomId, only)
    expect(ids(await threads(alice))).toEqual([])
  })

  it('who left sees them as of then', async () => {
    const [one, two] = [await alice.say(roomId, 'one'), await alice.say(roomId, 'two')]
    await relate(alice, roomId, one, 'm.thread', 'before')
    await relate(alice, roomId, two, 'm.thread', 'before')
    await bob.leave(roomId)
    await relate(alice, roomId, one, 'm.thread', 'after')
    const page = await threads(bob)
    expect(ids(page)).toEqual([two, one])
    const thread = at(page, 'chunk', 1, 'unsigned', 'm.relations', 'm.thread')
    expect(at(thread, 'latest_event', 'content', 'body')).toBe('before')
  })
})

it.each([
  ['include=some', 400, 'M_INVALID_PARAM'],
  ['limit=0', 400, 'M_INVALID_PARAM'],
  ['from=nonsense', 400, 'M_INVALID_PARAM'],
  ['from=s1_1', 400, 'M_INVALID_PARAM'],
])('the query %s is refused', async (query, status, errcode) => {
  expectError(await v1(alice, `${inRoom(roomId, 'threads')}?${query}`), status, errcode)
})

it('nobody sees the threads of a room that they may not read', async () => {
  const outside = await server.user('mallory')
  expectError(await v1(outside, inRoom(roomId, 'threads')), 403, 'M_FORBIDDEN')
  expectError(await v1(outside, inRoom('!none:example.org', 'threads')), 403, 'M_FORBIDDEN')
})

describe('a thread', () => {
  it('cannot begin at an event that relates to another', async () => {
    const root = await alice.say(roomId, 'root')
    for (const child of [
      await relate(bob, roomId, root, 'm.thread'),
      await relate(bob, roomId, root, 'm.reference'),
      await edit(alice, roomId, root, 'edited'),
      await react(bob, roomId, root, 'like'),
    ]) {
      const nested = await send(bob, roomId, 'm.room.message', relatedTo(child, 'm.thread'))
      expectError(nested, 400, 'M_UNKNOWN')
    }
  })

  it('can begin at a reply, which has no relation type, and at a state event', async () => {
    const first = await alice.say(roomId, 'first')
    const reply = {
      msgtype: 'm.text',
      body: 'reply',
      'm.relates_to': { 'm.in_reply_to': { event_id: first } },
    }
    const root = text(ok(await send(bob, roomId, 'm.room.message', reply)), 'event_id')
    await relate(bob, roomId, root, 'm.thread')
    const topic = await alice.setState(roomId, 'm.room.topic', '', { topic: 'x' })
    await relate(bob, roomId, topic, 'm.thread')
    expect(ids(await threads(alice))).toEqual([topic, root])
  })

  it('of another room is none', async () => {
    const elsewhere = await alice.createRoom()
    const foreign = await alice.say(elsewhere, 'foreign')
    await relate(alice, roomId, foreign, 'm.thread')
    expect(list(await threads(alice), 'chunk')).toEqual([])
  })
})
