import { beforeEach, describe, expect, it } from 'vitest'
import { ids } from '../event-relationships/relate.ts'
import type { TestServer } from '../harness/server.ts'
import { inSharedRoom } from '../harness/shared-room.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { allMessages, expectError, inRoom, messages } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let roomId: string
let said: string[]

inSharedRoom((room) => ({ server, alice, bob, roomId } = room))
beforeEach(async () => {
  said = []
  for (let n = 0; n < 9; n++) said.push(await alice.say(roomId, `message ${n}`))
})

async function context(
  user: TestUser,
  eventId: string | undefined,
  query: Readonly<Record<string, string>> = {},
  room = roomId,
): Promise<unknown> {
  const search = new URLSearchParams(query).toString()
  return ok(await user.call('GET', `${inRoom(room, 'context', eventId ?? '')}?${search}`))
}

const stateTypes = (answer: unknown) =>
  list(answer, 'state').map((event) => `${text(event, 'type')}|${text(event, 'state_key')}`)

describe('the context of an event', () => {
  it('is what came before, newest first, and what came after', async () => {
    const around = await context(bob, said[4], { limit: '4' })
    expect(at(around, 'event', 'event_id')).toBe(said[4])
    expect(ids(around, 'events_before')).toEqual([said[3], said[2]])
    expect(ids(around, 'events_after')).toEqual([said[5], said[6]])
  })

  it('has ten events unless told otherwise, and with a limit of 0 the event alone', async () => {
    const around = await context(bob, said[4])
    expect(ids(around, 'events_before')).toHaveLength(5)
    expect(ids(around, 'events_after')).toHaveLength(4)
    const alone = await context(bob, said[4], { limit: '0' })
    expect([list(alone, 'events_before'), list(alone, 'events_after')]).toEqual([[], []])
    const from = text(alone, 'start')
    expect((await messages(bob, roomId, { dir: 'b', from, limit: '1' })).ids).toEqual([said[3]])
    const absurd = await context(bob, said[4], { limit: '99999999999' })
    expect(ids(absurd, 'events_after')).toHaveLength(4)
  })

  it.each(['0', '1', '2', '5', '100'])(
    'with a limit of %s goes on with /messages in both directions without loss',
    async (limit) => {
      const around = await context(bob, said[4], { limit })
      const older = await allMessages(bob, roomId, { dir: 'b', from: text(around, 'start') })
      const newer = await allMessages(bob, roomId, { dir: 'f', from: text(around, 'end') })
      const all = [
        ...older.toReversed(),
        ...ids(around, 'events_before').toReversed(),
        text(around, 'event', 'event_id'),
        ...ids(around, 'events_after'),
        ...newer,
      ]
      expect(all).toEqual(await allMessages(bob, roomId, { dir: 'f', limit: '100' }))
    },
  )

  it('is filtered, the event itself is not', async () => {
    await alice.setState(roomId, 'm.room.topic', '', { topic: 'one' })
    await alice.say(roomId, 'after')
    const filter = JSON.stringify({ types: ['m.room.topic'] })
    const around = await context(bob, said[8], { filter, limit: '20' })
    expect(at(around, 'event', 'type')).toBe('m.room.message')
    expect(list(around, 'events_before')).toEqual([])
    expect(list(around, 'events_after')).toHaveLength(1)
    expect(stateTypes(around)).toEqual(['m.room.topic|'])
  })

  it('has the state as of its last event', async () => {
    const first = await alice.setState(roomId, 'm.room.topic', '', { topic: 'one' })
    await alice.say(roomId, 'between')
    await alice.setState(roomId, 'm.room.topic', '', { topic: 'two' })
    const topic = (answer: unknown) =>
      at(
        list(answer, 'state').find((event) => at(event, 'type') === 'm.room.topic'),
        'content',
        'topic',
      )
    expect(topic(await context(bob, said[8], { limit: '0' }))).toBeUndefined()
    expect(topic(await context(bob, first, { limit: '0' }))).toBe('one')
    expect(topic(await context(bob, first, { limit: '10' }))).toBe('two')
  })

  it('has only the members that it needs under lazy loading', async () => {
    const filter = JSON.stringify({ lazy_load_members: true })
    const lazy = await context(bob, said[4], { filter, limit: '4' })
    const members = stateTypes(lazy).filter((type) => type.startsWith('m.room.member'))
    expect(members).toEqual([`m.room.member|${alice.userId}`])
    expect(stateTypes(lazy)).toContain('m.room.create|')
    const whole = stateTypes(await context(bob, said[4]))
    expect(whole).toContain(`m.room.member|${bob.userId}`)
  })
})

describe('history that somebody may not see', () => {
  it('is not told around what they may', async () => {
    const room = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        {
          type: 'm.room.history_visibility',
          state_key: '',
          content: { history_visibility: 'joined' },
        },
      ],
    })
    await alice.say(room, 'before')
    await bob.join(room)
    const seen = await alice.say(room, 'seen')
    await bob.leave(room)
    const after = await alice.say(room, 'after')
    const around = await context(bob, seen, { limit: '50' }, room)
    const bodies = [...list(around, 'events_before'), ...list(around, 'events_after')].map(
      (event) => at(event, 'content', 'body'),
    )
    expect(bodies.filter((body) => body !== undefined)).toEqual([])
    expectError(await bob.call('GET', inRoom(room, 'context', after)), 404, 'M_NOT_FOUND')
  })

  it('has no context', async () => {
    const outside = await server.user('mallory')
    const hidden = await outside.call('GET', inRoom(roomId, 'context', said[0] ?? ''))
    expectError(hidden, 404, 'M_NOT_FOUND')
    const other = await bob.createRoom()
    const foreign = await bob.call('GET', inRoom(other, 'context', said[0] ?? ''))
    expectError(foreign, 404, 'M_NOT_FOUND')
    expectError(
      await bob.call('GET', inRoom(roomId, 'context', `$${'A'.repeat(43)}`)),
      404,
      'M_NOT_FOUND',
    )
  })
})

it.each(['limit=-1', 'limit=x', 'filter={', 'filter=[]', 'filter={"types":7}'])(
  'the query %s is refused',
  async (query) => {
    const path = `${inRoom(roomId, 'context', said[0] ?? '')}?${encodeURI(query)}`
    const answer = await bob.call('GET', path)
    expect(answer.status).toBe(400)
  },
)
