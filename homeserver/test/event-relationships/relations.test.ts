import { beforeEach, describe, expect, it } from 'vitest'
import type { TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'
import { edit, ids, ignore, react, redact, relate, relations, v1 } from './relate.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string
let root: string

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))
beforeEach(async () => {
  root = await alice.say(roomId, 'root')
})

describe('what relates to an event', () => {
  it('comes newest first, by relation type and by event type', async () => {
    const reference = await relate(bob, roomId, root, 'm.reference')
    const like = await react(bob, roomId, root, 'like')
    const edited = await edit(alice, roomId, root, 'new')
    expect(ids(await relations(bob, roomId, [root]))).toEqual([edited, like, reference])
    expect(ids(await relations(bob, roomId, [root, 'm.reference']))).toEqual([reference])
    expect(ids(await relations(bob, roomId, [root, 'm.annotation', 'm.reaction']))).toEqual([like])
    expect(ids(await relations(bob, roomId, [root, 'm.annotation', 'm.room.message']))).toEqual([])
    expect(ids(await relations(bob, roomId, [like]))).toEqual([])
    expect(ids(await relations(bob, roomId, [root, 'org.example.other']))).toEqual([])
  })

  it.each(['b', 'f'])('pages in direction %s without loss, and back again', async (dir) => {
    const sent: string[] = []
    for (let n = 0; n < 7; n++) sent.push(await relate(bob, roomId, root, 'm.thread', String(n)))
    const expected = dir === 'b' ? sent.toReversed() : sent
    const pages: string[][] = []
    let from: string | undefined
    for (let page = 0; page < 10; page++) {
      const query = { dir, limit: '3', ...(from !== undefined && { from }) }
      const found = await relations(bob, roomId, [root, 'm.thread'], query)
      pages.push(ids(found))
      expect(at(found, 'prev_batch')).toBe(from)
      const next = at(found, 'next_batch')
      if (next === undefined) break
      from = text(found, 'next_batch')
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(pages.flat()).toEqual(expected)
    const turned = dir === 'b' ? 'f' : 'b'
    const query = { dir: turned, from: from ?? '', limit: '3' }
    const back = await relations(bob, roomId, [root, 'm.thread'], query)
    expect(ids(back)).toEqual(expected.slice(3, 6).toReversed())
  })

  it('stops at `to`, and takes tokens of /sync and /messages', async () => {
    const first = await relate(bob, roomId, root, 'm.thread')
    const since = text(await bob.sync({ timeout: '0' }), 'next_batch')
    const second = await relate(bob, roomId, root, 'm.thread')
    expect(ids(await relations(bob, roomId, [root], { to: since }))).toEqual([second])
    expect(ids(await relations(bob, roomId, [root], { from: since }))).toEqual([first])
    const page = await bob.call('GET', `${inRoom(roomId, 'messages')}?dir=b&limit=1`)
    const from = text(page.body, 'end')
    expect(ids(await relations(bob, roomId, [root], { from }))).toEqual([first])
    expect(ids(await relations(bob, roomId, [root], { from, dir: 'f' }))).toEqual([second])
  })

  it('is followed three levels deep when asked, under both names of the parameter', async () => {
    const reply = await relate(bob, roomId, root, 'm.thread')
    const like = await react(alice, roomId, reply, 'like')
    const third = await relate(alice, roomId, like, 'm.reference')
    const fourth = await relate(alice, roomId, third, 'm.reference')
    for (const name of ['recurse', 'org.matrix.msc3981.recurse']) {
      const page = await relations(bob, roomId, [root], { [name]: 'true' })
      expect(ids(page)).toEqual([third, like, reply])
      expect(at(page, 'recursion_depth')).toBe(3)
    }
    expect(ids(await relations(bob, roomId, [reply], { recurse: 'true' }))).toEqual([
      fourth,
      third,
      like,
    ])
    const direct = await relations(bob, roomId, [root], { recurse: 'false' })
    expect(ids(direct)).toEqual([reply])
    expect(at(direct, 'recursion_depth')).toBe(1)
    expect(at(await relations(bob, roomId, [root]), 'recursion_depth')).toBeUndefined()
    // what matches only by way of something that does not is no result
    const filtered = await relations(bob, roomId, [root, 'm.annotation'], { recurse: 'true' })
    expect(ids(filtered)).toEqual([])
    const turned = { recurse: 'true', 'org.matrix.msc3715.dir': 'f', limit: '2' }
    expect(ids(await relations(bob, roomId, [root], turned))).toEqual([reply, like])
  })

  it('has neither redacted events nor those of ignored users', async () => {
    const gone = await relate(alice, roomId, root, 'm.thread')
    const kept = await relate(alice, roomId, root, 'm.thread')
    await redact(alice, roomId, gone)
    const carol = await server.user('carol')
    await carol.join(roomId)
    const annoying = await relate(carol, roomId, root, 'm.thread')
    expect(ids(await relations(alice, roomId, [root]))).toEqual([annoying, kept])
    await ignore(alice, carol.userId)
    expect(ids(await relations(alice, roomId, [root]))).toEqual([kept])
    expect(ids(await relations(bob, roomId, [root]))).toEqual([annoying, kept])
    await ignore(alice)
    expect(ids(await relations(alice, roomId, [root]))).toEqual([annoying, kept])
  })
})

describe('what somebody may not see', () => {
  it('is left out, and an empty page does not end the list', async () => {
    const hidden = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        {
          type: 'm.room.history_visibility',
          state_key: '',
          content: { history_visibility: 'joined' },
        },
      ],
    })
    await bob.join(hidden)
    const parent = await alice.say(hidden, 'seen')
    const seen = await relate(alice, hidden, parent, 'm.thread', 'seen')
    await bob.leave(hidden)
    await relate(alice, hidden, parent, 'm.thread', 'unseen')
    expect(ids(await relations(bob, hidden, [parent]))).toEqual([seen])
    const first = await relations(bob, hidden, [parent], { dir: 'b', limit: '1' })
    expect(ids(first)).toEqual([seen])
    await bob.join(hidden)
    expect(ids(await relations(bob, hidden, [parent]))).toEqual([seen])
  })

  it.each([
    ['relations', ''],
    ['relations by relation type', 'm.thread'],
    ['relations by event type', 'm.thread/m.room.message'],
  ])('%s of it are not found', async (_, rest) => {
    const outside = await server.user(`mallory${rest.length}`)
    const below = (room: string, event: string) =>
      `${inRoom(room, 'relations', event)}${rest === '' ? '' : `/${rest}`}`
    expectError(await v1(outside, below(roomId, root)), 404, 'M_NOT_FOUND')
    expectError(await v1(bob, below(roomId, `$${'A'.repeat(43)}`)), 404, 'M_NOT_FOUND')
    const other = await bob.createRoom()
    expectError(await v1(bob, below(other, root)), 404, 'M_NOT_FOUND')
  })
})

it.each([
  ['from=nonsense', 'M_INVALID_PARAM'],
  ['from=t1_x', 'M_INVALID_PARAM'],
  ['dir=x', 'M_INVALID_PARAM'],
  ['limit=0', 'M_INVALID_PARAM'],
  ['limit=-5', 'M_INVALID_PARAM'],
  ['limit=many', 'M_INVALID_PARAM'],
  ['recurse=maybe', 'M_INVALID_PARAM'],
])('the query %s is refused', async (query, errcode) => {
  expectError(await v1(bob, `${inRoom(roomId, 'relations', root)}?${query}`), 400, errcode)
})

it('an absurd limit gives a bounded page', async () => {
  await relate(bob, roomId, root, 'm.thread')
  const page = await relations(bob, roomId, [root], { limit: '999999999999' })
  expect(ids(page)).toHaveLength(1)
})

it('hostile relations are events like others, and relate to nothing', async () => {
  const hostile: unknown[] = [
    { rel_type: 'm.thread\u0000', event_id: root },
    { rel_type: 'x'.repeat(300), event_id: root },
    { rel_type: 7, event_id: root },
    { rel_type: 'm.thread', event_id: 'no id' },
    { rel_type: 'm.thread', event_id: `$${'a'.repeat(300)}` },
    ['m.thread', root],
    null,
  ]
  for (const [index, relatesTo] of hostile.entries()) {
    const path = inRoom(roomId, 'send', 'm.x', `hostile${index}`)
    const answer = await bob.call('PUT', path, { 'm.relates_to': relatesTo })
    expect([index, answer.status]).toEqual([index, 200])
  }
  expect(ids(await relations(bob, roomId, [root]))).toEqual([])
})
