import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

type Query = Readonly<Record<string, string>>

const hierarchy = (user: TestUser, roomId: string, query: Query = {}) =>
  server.request(
    'GET',
    `/_matrix/client/v1${inRoom(roomId, 'hierarchy')}?${new URLSearchParams(query).toString()}`,
    { token: user.token },
  )
const roomsOf = (body: unknown) => list(body, 'rooms').map((room) => text(room, 'room_id'))
const found = async (user: TestUser, roomId: string, query?: Query) =>
  roomsOf(ok(await hierarchy(user, roomId, query)))

const room = (options: object = {}) => alice.createRoom({ preset: 'public_chat', ...options })
const space = (options: object = {}) => room({ creation_content: { type: 'm.space' }, ...options })
const link = (parent: string, child: string, content: object = {}) =>
  alice.setState(parent, 'm.space.child', child, { via: ['test.example'], ...content })

/** root: a, sub (b, deep (c)), d */
async function tree() {
  const [root, a, sub, b, deep, c, d] = [
    await space({ name: 'Root' }),
    await room(),
    await space(),
    await room(),
    await space(),
    await room(),
    await room(),
  ]
  await link(root, a, { order: '1', suggested: true })
  await link(root, sub, { order: '2' })
  await link(root, d, { order: '3', suggested: true })
  await link(sub, b, { order: '1' })
  await link(sub, deep, { order: '2' })
  await link(deep, c)
  return { root, a, sub, b, deep, c, d }
}

describe('a hierarchy', () => {
  it('is told depth first, with the links of each space', async () => {
    const { root, a, sub, b, deep, c, d } = await tree()
    const body = ok(await hierarchy(bob, root))
    expect(roomsOf(body)).toEqual([root, a, sub, b, deep, c, d])
    expect(at(body, 'next_batch')).toBeUndefined()
    const [first, second] = list(body, 'rooms')
    expect(first).toMatchObject({
      name: 'Root',
      room_type: 'm.space',
      join_rule: 'public',
      num_joined_members: 1,
      world_readable: false,
      guest_can_join: false,
      room_version: '12',
    })
    expect(list(first, 'children_state').map((child) => text(child, 'state_key'))).toEqual([
      a,
      sub,
      d,
    ])
    const [child] = list(first, 'children_state')
    expect(child).toEqual({
      type: 'm.space.child',
      state_key: a,
      sender: alice.userId,
      content: { via: ['test.example'], order: '1', suggested: true },
      origin_server_ts: expect.any(Number),
    })
    expect(at(second, 'children_state')).toEqual([])
  })

  it('ends at max_depth, and shows only what is suggested when asked', async () => {
    const { root, a, sub, b, deep, d } = await tree()
    expect(await found(bob, root, { max_depth: '0' })).toEqual([root])
    expect(await found(bob, root, { max_depth: '1' })).toEqual([root, a, sub, d])
    expect(await found(bob, root, { max_depth: '2' })).toEqual([root, a, sub, b, deep, d])
    const body = ok(await hierarchy(bob, root, { suggested_only: 'true' }))
    expect(roomsOf(body)).toEqual([root, a, d])
    expect(list(body, 'rooms', 0, 'children_state')).toHaveLength(2)
  })

  it('comes in pages that together are the whole', async () => {
    const { root, a, sub, b, deep, c, d } = await tree()
    const pages: string[][] = []
    let from: string | undefined
    do {
      const query = { limit: '3', ...(from !== undefined && { from }) }
      const body = ok(await hierarchy(bob, root, query))
      pages.push(roomsOf(body))
      const next = at(body, 'next_batch')
      from = typeof next === 'string' ? next : undefined
    } while (from !== undefined)
    expect(pages).toEqual([[root, a, sub], [b, deep, c], [d]])
  })

  it('keeps its options from page to page', async () => {
    const { root, d, sub, a } = await tree()
    const first = ok(await hierarchy(bob, root, { limit: '2', max_depth: '1' }))
    const from = text(first, 'next_batch')
    expect(await found(bob, root, { from })).toEqual([sub, d])
    expect(await found(bob, root, { from, max_depth: '1', suggested_only: 'false' })).toEqual([
      sub,
      d,
    ])
    const changed = [{ max_depth: '2' }, { suggested_only: 'true' }]
    for (const query of changed) {
      expectError(await hierarchy(bob, root, { from, ...query }), 400, 'M_INVALID_PARAM')
    }
    expectError(await hierarchy(bob, a, { from }), 400, 'M_INVALID_PARAM')
  })

  it('ends although its links go in circles, and tells each room once', async () => {
    const [one, two, shared] = [await space(), await space(), await room()]
    await link(one, two)
    await link(two, one)
    await link(one, one)
    await link(one, shared)
    await link(two, shared)
    expect(await found(bob, one)).toEqual([one, two, shared])
  })

  it('does not follow links that are withdrawn, malformed or in rooms that are no spaces', async () => {
    const [root, child, other] = [await space(), await room(), await room()]
    await link(child, other)
    await link(root, child)
    expect(await found(bob, root)).toEqual([root, child])
    await alice.setState(root, 'm.space.child', child, {})
    await alice.setState(root, 'm.space.child', other, { via: 'test.example' })
    await link(root, 'no room')
    await link(root, '!unknown:test.example')
    const body = ok(await hierarchy(bob, root))
    expect(roomsOf(body)).toEqual([root])
    const children = list(body, 'rooms', 0, 'children_state')
    expect(children.map((event) => text(event, 'state_key'))).toEqual(['!unknown:test.example'])
  })

  it('of a room that is no space is the room itself', async () => {
    const roomId = await room()
    expect(await found(bob, roomId)).toEqual([roomId])
  })
})

describe('private rooms in a hierarchy (CVE-2021-39163)', () => {
  it('are shown only to those who may find them, and nothing below them', async () => {
    const root = await space()
    const secret = await space({ preset: 'private_chat' })
    const below = await room()
    await link(root, secret)
    await link(secret, below)
    expect(await found(bob, root)).toEqual([root])
    expect(await found(alice, root)).toEqual([root, secret, below])
    await alice.invite(secret, bob.userId)
    expect(await found(bob, root)).toEqual([root, secret, below])
  })

  it('show themselves to members of the room that lets in', async () => {
    const root = await space()
    const allow = [{ type: 'm.room_membership', room_id: root }]
    const rules = { type: 'm.room.join_rules', content: { join_rule: 'restricted', allow } }
    const roomId = await room({ initial_state: [rules] })
    await link(root, roomId)
    const carol = await server.user('carol')
    expect(await found(carol, root)).toEqual([root])
    await carol.join(root)
    const body = ok(await hierarchy(carol, root))
    expect(roomsOf(body)).toEqual([root, roomId])
    expect(at(body, 'rooms', 1, 'allowed_room_ids')).toEqual([root])
  })

  it('are no place to start from', async () => {
    const secret = await space({ preset: 'private_chat' })
    expectError(await hierarchy(bob, secret), 403, 'M_FORBIDDEN')
    expectError(await hierarchy(bob, '!none:test.example'), 403, 'M_FORBIDDEN')
    const open = await space()
    await alice.setState(open, 'm.room.member', bob.userId, { membership: 'ban' })
    expectError(await hierarchy(bob, open), 403, 'M_FORBIDDEN')
  })
})

it.each([
  ['limit', '0'],
  ['limit', '-1'],
  ['limit', 'x'],
  ['limit', '1.5'],
  ['max_depth', '-1'],
  ['max_depth', ''],
  ['suggested_only', 'maybe'],
  ['from', 'x'],
  ['from', ''],
  ['from', 's1_5'],
  ['from', Buffer.from('99999 1 t !x:y.example').toString('base64url')],
])('a hierarchy with %s=%s is refused', async (name, value) => {
  const root = await space()
  expectError(await hierarchy(alice, root, { [name]: value }), 400, 'M_INVALID_PARAM')
})

it('absurd limits and depths are cut', async () => {
  const { root } = await tree()
  const query = { limit: '999999999', max_depth: '999999999' }
  expect(await found(alice, root, query)).toHaveLength(7)
})
