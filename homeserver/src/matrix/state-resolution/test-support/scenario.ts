import { readFileSync, readdirSync } from 'node:fs'
import { z } from 'zod'
import type { ReceiptVerdict } from '../../auth-rules/judge-received.ts'
import { parseJson } from '../../events/parse-json.ts'
import { redactContent } from '../../events/redact.ts'
import type { RoomEvent, StateKeyString, StateMap } from '../../events/pdu.ts'
import { stateKeyString } from '../../events/state-key.ts'
import { userId } from '../../ids.ts'
import type { EventId, RoomId } from '../../ids.ts'
import { isJsonObject } from '../../json.ts'
import type { JsonObject } from '../../json.ts'
import { ROOM_VERSIONS } from '../../room-versions/room-version.ts'
import type { RoomVersion } from '../../room-versions/room-version.ts'

/** Short names stand for event IDs: `$ban`. Any characters of base64, where their order is the point. */
const eventName = z.custom<EventId>(
  (value) => typeof value === 'string' && /^\$[A-Za-z0-9_+/-]+$/.test(value),
)

const eventSchema = z.strictObject({
  id: eventName,
  type: z.string().min(1),
  /** Absent: a message, which no state holds. */
  state_key: z.string().optional(),
  sender: userId,
  content: z.custom<JsonObject>(isJsonObject),
  ts: z.int().min(0),
  auth_events: z.array(eventName),
  prev_events: z.array(eventName),
  rejected: z.literal(true).optional(),
  /** With `extremities` only: the current state did not allow it when it arrived. */
  soft_failed: z.literal(true).optional(),
  /** With `extremities` only: it arrived without the events before it. */
  outlier: z.literal(true).optional(),
  /** Redacted after it was accepted: `content` is what came, resolved is what redaction leaves. */
  redacted: z.literal(true).optional(),
})

const scenarioSchema = z.strictObject({
  title: z.string().min(10),
  room_version: z.enum([...ROOM_VERSIONS.keys()]),
  /** How the expected state follows from the text of the algorithm, step by step. */
  derivation: z.array(z.string().min(10)).min(2),
  events: z.array(eventSchema).min(2),
  /**
   * Given where the events are to be received in their order, each judged on receipt: the room's
   * forward extremities at the end. `state_sets` are the states after these, in the same order, and
   * `expected` is the current state.
   */
  extremities: z.array(eventName).min(1).optional(),
  /** Each state as the events it consists of. */
  state_sets: z.array(z.array(eventName)).min(1),
  expected: z.array(eventName).min(1),
})

/** How the events of a scenario fare when they are received one after the other. */
export interface Receipts {
  readonly outcomes: ReadonlyMap<EventId, ReceiptVerdict['outcome']>
  readonly outliers: ReadonlySet<EventId>
  readonly extremities: readonly EventId[]
}

export interface Scenario {
  readonly file: string
  readonly title: string
  readonly version: RoomVersion
  readonly events: ReadonlyMap<EventId, RoomEvent>
  /** The events as they came, before any redaction. */
  readonly received: ReadonlyMap<EventId, RoomEvent>
  readonly states: readonly StateMap[]
  readonly expected: StateMap
  readonly receipts: Receipts | undefined
}

const FOLDER = new URL('../scenarios/', import.meta.url)

/** Reads every scenario file. @throws {Error} when one does not have the right form */
export function readScenarios(): Scenario[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  return files.toSorted().map((file) => {
    const parsed = scenarioSchema.safeParse(parseJson(readFileSync(new URL(file, FOLDER), 'utf8')))
    if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
    return build(file, parsed.data)
  })
}

function build(file: string, data: z.infer<typeof scenarioSchema>): Scenario {
  const version = ROOM_VERSIONS.get(data.room_version)
  if (version === undefined) throw new Error(`${file}: no room version ${data.room_version}`)
  const [create] = data.events
  const roomId = roomIdSchema.parse(
    version.roomIdIsCreateHash ? `!${create?.id.slice(1)}` : '!room:a',
  )
  const events = new Map<EventId, RoomEvent>()
  const received = new Map<EventId, RoomEvent>()
  for (const entry of data.events) {
    const event = toRoomEvent(entry, roomId, events.size)
    received.set(event.eventId, event)
    events.set(event.eventId, entry.redacted === true ? redacted(event, version) : event)
  }
  if (events.size !== data.events.length) throw new Error(`${file}: an event ID occurs twice`)
  const state = (ids: readonly EventId[]) => stateOf(file, ids, events)
  const { title, state_sets: sets, expected } = data
  const states = sets.map(state)
  const receipts = receiptsOf(data)
  return { file, title, version, events, received, states, expected: state(expected), receipts }
}

function receiptsOf({ extremities, events }: z.infer<typeof scenarioSchema>): Receipts | undefined {
  if (extremities === undefined) {
    const early = events.find(({ soft_failed: failed, outlier }) => failed ?? outlier)
    if (early !== undefined)
      throw new Error(`${early.id} is not received: no extremities are given`)
    return undefined
  }
  const outcomes = events.map((event) => [event.id, outcomeOf(event)] as const)
  const outliers = events.filter(({ outlier }) => outlier).map(({ id }) => id)
  return { outcomes: new Map(outcomes), outliers: new Set(outliers), extremities }
}

function outcomeOf(event: z.infer<typeof eventSchema>): ReceiptVerdict['outcome'] {
  if (event.rejected) return 'rejected'
  return event.soft_failed ? 'soft-failed' : 'accepted'
}

function redacted(event: RoomEvent, version: RoomVersion): RoomEvent {
  return { ...event, content: redactContent(event.type, event.content, version) }
}

const roomIdSchema = z.custom<RoomId>((value) => typeof value === 'string' && value.startsWith('!'))

function toRoomEvent(event: z.infer<typeof eventSchema>, roomId: RoomId, depth: number): RoomEvent {
  return {
    eventId: event.id,
    roomId,
    type: event.type,
    stateKey: event.state_key,
    sender: event.sender,
    content: event.content,
    originServerTs: event.ts,
    depth,
    prevEvents: event.prev_events,
    authEvents: event.auth_events,
    redacts: undefined,
    rejected: event.rejected === true,
  }
}

function stateOf(
  file: string,
  ids: readonly EventId[],
  events: ReadonlyMap<EventId, RoomEvent>,
): StateMap {
  const state = new Map<StateKeyString, EventId>()
  for (const id of ids) {
    const event = events.get(id)
    if (event?.stateKey === undefined) throw new Error(`${file}: ${id} is no state event of it`)
    const key = stateKeyString(event.type, event.stateKey)
    if (state.has(key)) throw new Error(`${file}: two events of one state for ${event.type}`)
    state.set(key, id)
  }
  return state
}
