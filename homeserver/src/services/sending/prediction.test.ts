import { describe, expect, it } from 'vitest'
import type { EventRef, RoomKey } from '#log/types.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { parseEventId, parseRoomId, parseUserId } from '#matrix/ids.ts'
import { DEFAULT_ROOM_VERSION } from '#matrix/room-versions/room-version.ts'
import type { RoomContext } from '#room-state/types.ts'
import { MAX_NAMED, MAX_PARENTS } from '#room-state/placement/constants.ts'
import { Prediction } from './prediction.ts'

const ROOM = parseRoomId('!r:domain')
const ALICE = parseUserId('@alice:domain')
const OK = Promise.resolve({ outcome: 'ok' } as const)

let ids = 0
const ref = (depth: number): EventRef => ({
  eventId: parseEventId(`$${String(++ids).padStart(43, '0')}`),
  depth,
  pos: undefined,
})

function context(extremities: readonly EventRef[], stateVersion = 5): RoomContext {
  return {
    info: { key: 1 as RoomKey, roomId: ROOM, version: DEFAULT_ROOM_VERSION },
    extremities,
    depth: Math.max(0, ...extremities.map(({ depth }) => depth)),
    stateVersion,
    point: { line: 1, idx: 1 },
    state: async () => undefined,
    states: async () => new Map(),
  }
}

const eventOf = ({ eventId, depth }: EventRef, stateKey?: string): RoomEvent => ({
  eventId,
  roomId: ROOM,
  type: 'x',
  stateKey,
  sender: ALICE,
  content: {},
  originServerTs: 1,
  depth,
  prevEvents: [],
  authEvents: [],
  redacts: undefined,
  rejected: false,
})

/** Builds one event on the prediction, as the queue does. */
function send(prediction: Prediction, stateKey?: string): EventRef {
  const made = ref(prediction.nextDepth)
  prediction.advance(eventOf(made, stateKey), made, prediction.parents(), OK)
  return made
}

describe('a prediction', () => {
  it('lets each event follow the one before', () => {
    const tip = ref(7)
    const prediction = new Prediction(context([tip]))
    expect(prediction.parents()).toEqual([tip])
    const first = send(prediction)
    expect([first.depth, prediction.parents()]).toEqual([8, [first]])
    const second = send(prediction)
    expect([second.depth, prediction.parents()]).toEqual([9, [second]])
  })

  it('joins all branches, the deepest first when there are too many', () => {
    const tips = Array.from({ length: MAX_PARENTS + 3 }, (_, depth) => ref(depth))
    const prediction = new Prediction(context(tips))
    expect(prediction.parents()).toEqual(tips.toReversed().slice(0, MAX_PARENTS))
    const made = send(prediction)
    expect(prediction.parents()).toEqual([tips[0], tips[1], tips[2], made])
    const next = send(prediction)
    expect(prediction.parents()).toEqual([next])
  })

  it('names more parents where the log wants to see them all', () => {
    const tips = Array.from({ length: MAX_NAMED + 1 }, (_, depth) => ref(depth))
    const prediction = new Prediction(context(tips.slice(0, MAX_NAMED)))
    expect(prediction.parents(MAX_NAMED)).toHaveLength(MAX_NAMED)
    expect(new Prediction(context(tips)).parents(MAX_NAMED)).toHaveLength(MAX_NAMED)
  })

  it('takes in what others added, but neither its own events nor those it began with', () => {
    const tip = ref(3)
    const prediction = new Prediction(context([tip]))
    const own = send(prediction)
    prediction.heal(context([tip]))
    prediction.heal(context([own]))
    expect(prediction.parents()).toEqual([own])
    const foreign = ref(9)
    prediction.heal(context([own, foreign]))
    prediction.heal(context([own, foreign]))
    expect(prediction.parents()).toEqual([own, foreign])
    const joined = send(prediction)
    expect(joined.depth).toBe(10)
    prediction.heal(context([foreign, own]))
    expect(prediction.parents()).toEqual([joined])
  })

  it('counts its own changes of the state, and answers from them', async () => {
    const prediction = new Prediction(context([ref(1)]))
    send(prediction)
    expect(prediction.stateVersion).toBe(5)
    const state = send(prediction, 'k')
    expect(prediction.stateVersion).toBe(6)
    expect(prediction.lookup('x', 'k')?.eventId).toBe(state.eventId)
    expect((await prediction.current('x', 'k'))?.ref).toBe(state)
    expect(await prediction.current('x', 'other')).toBeUndefined()
  })

  it('passes on what it knows of the state, as long as that has not changed', async () => {
    const first = new Prediction(context([ref(1)]))
    const state = send(first, 'k')
    const same = new Prediction(context([state], 6), first.memo)
    expect(same.known('x', 'k')?.ref).toBe(state)
    const other = new Prediction(context([state], 7), first.memo)
    expect(other.known('x', 'k')).toBeUndefined()
  })

  it('is busy until every event has an outcome', () => {
    const prediction = new Prediction(context([ref(1)]))
    expect(prediction.busy).toBe(false)
    send(prediction)
    send(prediction)
    prediction.settle()
    expect(prediction.busy).toBe(true)
    prediction.settle()
    expect(prediction.busy).toBe(false)
  })

  it('never goes beyond the largest depth', () => {
    const prediction = new Prediction(context([ref(Number.MAX_SAFE_INTEGER)]))
    expect(prediction.nextDepth).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('remembers who may send what until the state changes', () => {
    const prediction = new Prediction(context([ref(7)]))
    prediction.derived.permit('@alice:domain m.room.message', [])
    send(prediction)
    expect(prediction.derived.permitted('@alice:domain m.room.message')).toEqual([])
    const sameState = new Prediction(context([ref(9)]), prediction.memo)
    expect(sameState.derived.permitted('@alice:domain m.room.message')).toEqual([])
    const otherState = new Prediction(context([ref(9)], 6), prediction.memo)
    expect(otherState.derived.permitted('@alice:domain m.room.message')).toBeUndefined()
    send(prediction, '')
    expect(prediction.derived.permitted('@alice:domain m.room.message')).toBeUndefined()
  })
})
