import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'
import { inRoom } from './room-paths.ts'

let server: TestServer
let alice: TestUser
let users = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

type Visibility = 'world_readable' | 'shared' | 'invited' | 'joined'

/** What a user was when a message was sent, in the order of a whole stay. */
const MOMENTS = ['before', 'invited', 'joined', 'left', 'invited again', 'joined again'] as const
type Moment = (typeof MOMENTS)[number]

/** Moves to the moment. */
async function move(moment: Moment, roomId: string, user: TestUser): Promise<void> {
  if (moment === 'invited' || moment === 'invited again') await alice.invite(roomId, user.userId)
  if (moment === 'joined' || moment === 'joined again') await user.join(roomId)
  if (moment === 'left') await user.leave(roomId)
}

/** Which messages the user sees, when their story ends at `until`. */
async function seen(visibility: Visibility, until: Moment): Promise<Moment[]> {
  const roomId = await alice.createRoom({
    initial_state: [
      { type: 'm.room.history_visibility', content: { history_visibility: visibility } },
    ],
  })
  const user = await server.user(`user${++users}`)
  const sent: [Moment, string][] = []
  for (const moment of MOMENTS.slice(0, MOMENTS.indexOf(until) + 1)) {
    await move(moment, roomId, user)
    sent.push([moment, await alice.say(roomId, moment)])
  }
  const visible: Moment[] = []
  for (const [moment, eventId] of sent) {
    const { status } = await user.call('GET', inRoom(roomId, 'event', eventId))
    expect([200, 404]).toContain(status)
    if (status === 200) visible.push(moment)
  }
  return visible
}

const upTo = (moment: Moment) => MOMENTS.slice(0, MOMENTS.indexOf(moment) + 1)

describe.each([
  ['world_readable', upTo],
  [
    'shared',
    (until: Moment) => {
      const index = MOMENTS.indexOf(until)
      if (index < 2) return []
      return index < 5 ? upTo('joined') : upTo('joined again')
    },
  ],
  ['invited', (until: Moment) => upTo(until).filter((m) => m !== 'before' && m !== 'left')],
  ['joined', (until: Moment) => upTo(until).filter((m) => m.startsWith('joined'))],
] as const)('history that is %s', (visibility, expected) => {
  it.each(MOMENTS)('is seen by a user who is now: %s', async (until) => {
    expect(await seen(visibility, until)).toEqual(expected(until))
  })
})

describe('events that change what can be seen', () => {
  it('are seen by who could see what was before or what came after', async () => {
    const roomId = await alice.createRoom({ preset: 'public_chat' })
    const set = (history_visibility: Visibility) =>
      alice.setState(roomId, 'm.room.history_visibility', '', { history_visibility })
    const stranger = await server.user(`user${++users}`)
    const status = async (eventId: string) =>
      (await stranger.call('GET', inRoom(roomId, 'event', eventId))).status
    const opened = await set('world_readable')
    const closed = await set('joined')
    const narrowed = await set('invited')
    expect([await status(opened), await status(closed), await status(narrowed)]).toEqual([
      200, 200, 404,
    ])
  })

  it("include the user's own membership", async () => {
    const roomId = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
      ],
    })
    const bob = await server.user(`user${++users}`)
    const carol = await server.user(`user${++users}`)
    const memberEvent = async (user: TestUser) => {
      const path = `${inRoom(roomId, 'state', 'm.room.member', user.userId)}?format=event`
      return text(ok(await alice.call('GET', path)), 'event_id')
    }
    const sees = async (eventId: string) =>
      (await bob.call('GET', inRoom(roomId, 'event', eventId))).status
    await carol.join(roomId)
    const ofCarol = await memberEvent(carol)
    await bob.join(roomId)
    const joined = await memberEvent(bob)
    await bob.leave(roomId)
    const left = await memberEvent(bob)
    expect([await sees(ofCarol), await sees(joined), await sees(left)]).toEqual([404, 200, 200])
    const event = await bob.call('GET', inRoom(roomId, 'event', left))
    expect(at(event.body, 'unsigned', 'membership')).toBe('leave')
  })

  it('are not found in another room', async () => {
    const [one, two] = [await alice.createRoom(), await alice.createRoom()]
    const eventId = await alice.say(one, 'x')
    expect((await alice.call('GET', inRoom(two, 'event', eventId))).status).toBe(404)
  })
})
