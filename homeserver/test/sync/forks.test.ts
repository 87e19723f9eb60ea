import { expect, test } from 'vitest'
import type { JsonObject } from '#matrix/json.ts'
import { startTestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { ForkedRoom } from './forked-room.ts'
import { bodies, joined, left, stateOf, timelineOf } from './reader.ts'

const LATER = 4_000_000_000_000
const TOPIC = { type: 'm.room.topic', stateKey: '' }

/** Alice's room, in which Bob is; what Bob's client takes for its state. */
async function scene(stack: AsyncDisposableStack) {
  const server = stack.use(await startTestServer())
  const alice = await server.user('alice')
  const bob = await server.user('bob')
  const room = await alice.createRoom({ preset: 'public_chat', room_version: '11' })
  await bob.join(room)
  await alice.setState(room, 'm.room.topic', '', { topic: 'old' })
  const fork = stack.use(await ForkedRoom.of(server, room))
  const [start = ''] = await fork.tips()
  return { server, alice, bob, room, fork, start }
}

/** The state as a client keeps it. */
class Client {
  readonly #user: TestUser
  readonly #room: string
  readonly #query: Readonly<Record<string, string>>
  readonly state = new Map<string, unknown>()
  #since: string | undefined

  constructor(user: TestUser, room: string, limit: number, stateAfter = false) {
    this.#user = user
    this.#room = room
    const filter = JSON.stringify({ room: { timeline: { limit } } })
    this.#query = { filter, ...(stateAfter && { use_state_after: 'true' }) }
  }

  async sync(): Promise<unknown> {
    const since = this.#since === undefined ? {} : { since: this.#since }
    const answer = await this.#user.sync({ ...this.#query, ...since })
    this.#since = text(answer, 'next_batch')
    const section = joined(answer, this.#room)
    const after = at(section, 'state_after')
    const events =
      after === undefined
        ? [...stateOf(section), ...timelineOf(section)]
        : stateOf(section, 'state_after')
    for (const event of events) {
      const key = at(event, 'state_key')
      if (typeof key === 'string') {
        this.state.set(`${text(event, 'type')}|${key}`, at(event, 'event_id'))
      }
    }
    return section
  }
}

/** What the room's state is, by key. */
async function stateNow(user: TestUser, room: string): Promise<Map<string, unknown>> {
  const events = ok(await user.call('GET', `/rooms/${encodeURIComponent(room)}/state`))
  return new Map(
    (Array.isArray(events) ? events : []).map((event) => [
      `${text(event, 'type')}|${text(event, 'state_key')}`,
      at(event, 'event_id'),
    ]),
  )
}

test.each([false, true])(
  'messages on a branch whose state lost leave the state as it is (state_after: %s)',
  async (after) => {
    await using stack = new AsyncDisposableStack()
    const { alice, bob, room, fork, start } = await scene(stack)
    const client = new Client(bob, room, 2, after)
    await client.sync()
    const lost = await fork.place(alice, [start], { ...TOPIC, content: { topic: 'lost' }, ts: 1 })
    await fork.place(alice, [start], { ...TOPIC, content: { topic: 'won' }, ts: LATER })
    let tip = lost
    for (const body of ['one', 'two', 'three']) tip = await fork.message(alice, body, [tip])
    expect(bodies(await client.sync())).toEqual(['two', 'three'])
    expect(client.state).toEqual(await stateNow(alice, room))
    const fresh = new Client(bob, room, 2, after)
    await fresh.sync()
    expect(fresh.state).toEqual(await stateNow(alice, room))
  },
)

test.each([false, true])(
  'what a branch takes back is told with the event that takes it back (state_after: %s)',
  async (after) => {
    await using stack = new AsyncDisposableStack()
    const { alice, bob, room, fork } = await scene(stack)
    const levels = (users: JsonObject) => ({
      type: 'm.room.power_levels',
      stateKey: '',
      content: { users },
    })
    const raised = await fork.place(
      alice,
      await fork.tips(),
      levels({ [alice.userId]: 100, [bob.userId]: 50 }),
    )
    const topic = await fork.place(bob, [raised], {
      ...TOPIC,
      content: { topic: 'bold' },
      ts: LATER,
    })
    await fork.message(alice, 'on', [topic])
    const client = new Client(bob, room, 1, after)
    await client.sync()
    expect(client.state.get('m.room.topic|')).toBe(topic)
    await fork.place(alice, [raised], levels({ [alice.userId]: 100, [bob.userId]: 0 }))
    expect((await stateNow(alice, room)).get('m.room.topic|')).not.toBe(topic)
    await client.sync()
    expect(client.state).toEqual(await stateNow(alice, room))
  },
)

test('state of a branch that lost is not told as the state after it', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, bob, room, fork, start } = await scene(stack)
  await fork.place(alice, [start], { ...TOPIC, content: { topic: 'won' }, ts: LATER })
  const client = new Client(bob, room, 10, true)
  await client.sync()
  await fork.place(alice, [start], { ...TOPIC, content: { topic: 'lost' }, ts: 1 })
  expect(timelineOf(await client.sync())).toMatchObject([{ content: { topic: 'lost' } }])
  expect(client.state).toEqual(await stateNow(alice, room))
})

test('an event that came late is told where it came, with the state before', async () => {
  await using stack = new AsyncDisposableStack()
  const { alice, bob, room, fork, start } = await scene(stack)
  const late = await fork.outlier(alice, [start], {
    ...TOPIC,
    content: { topic: 'late' },
    ts: LATER,
  })
  const client = new Client(bob, room, 2)
  await client.sync()
  await alice.setState(room, 'm.room.topic', '', { topic: 'new' })
  await fork.add(late)
  await fork.message(alice, 'last', await fork.tips())
  const section = await client.sync()
  expect(timelineOf(section)).toMatchObject([
    { content: { topic: 'late' } },
    { content: { body: 'last' } },
  ])
  expect(stateOf(section)).toMatchObject([{ content: { topic: 'new' } }])
  expect(client.state).toEqual(await stateNow(alice, room))
})

const invitation = (user: TestUser, membership = 'invite') => ({
  type: 'm.room.member',
  stateKey: user.userId,
  content: { membership },
})

test('an invitation that came late is shown with its own member event', async () => {
  await using stack = new AsyncDisposableStack()
  const { server, alice, room, fork, start } = await scene(stack)
  const carol = await server.user('carol')
  const invite = await fork.outlier(alice, [start], invitation(carol))
  await alice.say(room, 'meanwhile')
  const since = text(await carol.sync(), 'next_batch')
  await fork.add(invite)
  for (const answer of [await carol.sync({ since }), await carol.sync()]) {
    const state = list(answer, 'rooms', 'invite', room, 'invite_state', 'events')
    const members = state.filter((event) => at(event, 'type') === 'm.room.member')
    expect(members).toMatchObject([{ state_key: carol.userId, content: { membership: 'invite' } }])
  }
})

test('an invitation that branches took back ends without showing what they did', async () => {
  await using stack = new AsyncDisposableStack()
  const { server, alice, bob, room, fork, start } = await scene(stack)
  const carol = await server.user('carol')
  const levels = (users: JsonObject) => ({
    type: 'm.room.power_levels',
    stateKey: '',
    content: { users, invite: 50 },
  })
  const raised = await fork.place(alice, [start], levels({ [alice.userId]: 100, [bob.userId]: 50 }))
  const gone = await fork.place(alice, [raised], invitation(carol, 'leave'))
  const invite = await fork.place(bob, [gone], invitation(carol))
  const first = await carol.sync()
  const state = list(first, 'rooms', 'invite', room, 'invite_state', 'events')
  expect(state.map((event) => at(event, 'type'))).toContain('m.room.member')
  await fork.place(alice, [gone], levels({ [alice.userId]: 100, [bob.userId]: 0 }))
  expect((await stateNow(alice, room)).get(`m.room.member|${carol.userId}`)).not.toBe(invite)
  const section = left(await carol.sync({ since: text(first, 'next_batch') }), room)
  expect(timelineOf(section)).toEqual([])
  expect(stateOf(section)).toMatchObject([{ content: { membership: 'leave' } }])
})
