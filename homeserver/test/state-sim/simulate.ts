import { createHash } from 'node:crypto'
import { parseEventId, parseRoomId, parseUserId } from '#matrix/ids.ts'
import type { OpenLog } from '#log/index.ts'
import {
  EventFlag,
  type EventItem,
  type EventRef,
  type RoomKey,
  type UserInfo,
} from '#log/types.ts'
import { createRoomStates } from '#room-state/index.ts'
import { Lines } from '#room-state/lines.ts'
import { Placer, type CheckedEvent } from '#room-state/placement/placer.ts'
import { LastWriter } from './last-writer.ts'
import { arrivals, type Arrival, type Branch, type Scenario } from './scenario.ts'

/** What a run leaves to be measured. */
export interface Run {
  readonly room: RoomKey
  readonly states: ReturnType<typeof createRoomStates>
  readonly lines: Lines
  readonly sides: number
  readonly merges: number
  /** Rows of `state_log` written by each placed event, beside its own change. */
  readonly rowsPerMerge: readonly number[]
}

type Side = Extract<Arrival, { kind: 'side' }>

const PER_BACKFILL = 20
const MOST_HISTORY = 25_000

/** Plays a scenario into a database with the server's own code. */
export async function simulate(log: OpenLog, scenario: Scenario): Promise<Run> {
  const simulation = new Simulation(log, await log.dictionary.reserveRoom())
  await simulation.begin()
  for (const arrival of arrivals(scenario)) await simulation.arrive(arrival)
  return await simulation.finish()
}

class Simulation {
  readonly #log: OpenLog
  readonly #room: RoomKey
  readonly #states: ReturnType<typeof createRoomStates>
  readonly #lines: Lines
  readonly #resolver = new LastWriter()
  readonly #placer: Placer
  readonly #rowsPerMerge: number[] = []
  readonly #tips = new Map<Branch, number[]>()
  /** Extremities after each arrival, as other servers may still see them. */
  readonly #history: (readonly EventRef[])[] = []
  #queued: { item: EventItem; promise: Promise<void> }[] = []
  #extremities: readonly EventRef[] = []
  #stateVersion: number | undefined
  #user: UserInfo | undefined
  #count = 0
  #sides = 0

  constructor(log: OpenLog, room: RoomKey) {
    this.#log = log
    this.#room = room
    this.#states = createRoomStates(log)
    this.#lines = new Lines(log.internals)
    const { reads, dictionary, internals } = log
    const resolver = this.#resolver
    this.#placer = new Placer({ reads, dictionary, internals, lines: this.#lines, resolver })
  }

  async begin(): Promise<void> {
    this.#user = await this.#log.dictionary.user(parseUserId('@creator:s0.example'))
    const roomId = parseRoomId(`!${this.#hash('room')}`)
    const create = this.#item('m.room.create\0', 0, [])
    const room = { kind: 'room', room: this.#room, roomId, version: '11' } as const
    const { outcome } = await this.#log.log.append([room, { ...create, stateVersion: undefined }])
    if (outcome !== 'ok') throw new Error(`the room was not made: ${outcome}`)
    await this.#look()
  }

  async arrive(arrival: Arrival): Promise<void> {
    if (arrival.kind === 'main') {
      this.#main(arrival.key, arrival.ts)
      if (this.#queued.length >= 200) await this.#flush()
    } else {
      await this.#flush()
      if (arrival.kind === 'side') await this.#side(arrival)
      else await this.#backfill(arrival.ts)
    }
    this.#history.push(this.#extremities)
    if (this.#history.length > MOST_HISTORY) this.#history.shift()
  }

  async finish(): Promise<Run> {
    await this.#flush()
    await this.#states.idle()
    return {
      room: this.#room,
      states: this.#states,
      lines: this.#lines,
      sides: this.#sides,
      merges: this.#resolver.merges,
      rowsPerMerge: this.#rowsPerMerge,
    }
  }

  /** An event on all extremities: nothing to place, the plain append takes it. */
  #main(key: string | undefined, ts: number): void {
    const item = this.#item(key, ts, this.#extremities)
    const promise = this.#log.log.append([item]).then(({ outcome }) => {
      if (outcome !== 'ok') throw new Error(`an event was not appended: ${outcome}`)
    })
    this.#queued.push({ item, promise })
    this.#extremities = [item.ref]
    if (key !== undefined && this.#stateVersion !== undefined) this.#stateVersion++
  }

  async #flush(): Promise<void> {
    const queued = this.#queued
    this.#queued = []
    await Promise.all(queued.map(({ promise }) => promise))
    for (const { item } of queued) this.#resolver.note(item.ref.pos ?? 0, item.ts)
  }

  async #side({ branch, key, ts, fate }: Side): Promise<void> {
    const seen = this.#history.at(-1 - branch.behind) ?? this.#extremities
    const parents = this.#tips.get(branch) ?? seen.flatMap((ref) => ref.pos ?? [])
    const flags = { accepted: 0, 'soft-failed': EventFlag.softFailed, rejected: EventFlag.rejected }
    const event = { ...this.#checked(key, ts), flags: flags[fate] }
    const before = await this.#placer.before(this.#room, parents)
    const placement = await this.#placer.place(before, event)
    const own = key === undefined || fate === 'rejected' ? 0 : 1
    this.#rowsPerMerge.push(placement.rows.length - own)
    const { outcome } = await this.#placer.append(before, event)
    if (outcome !== 'ok' || event.ref.pos === undefined) throw new Error(`a fork was not appended`)
    this.#resolver.note(event.ref.pos, ts)
    this.#sides++
    if (fate === 'accepted') this.#tips.set(branch, [event.ref.pos])
    await this.#look()
  }

  async #backfill(ts: number): Promise<void> {
    const old = this.#history[Math.floor(this.#history.length / 2)]?.[0]?.pos
    if (old === undefined) return
    const { state } = await this.#placer.before(this.#room, [old])
    let before = await this.#placer.received(this.#room, [], state)
    for (let n = 0; n < PER_BACKFILL; n++) {
      const event = {
        ...this.#checked(n % 4 === 0 ? 'm.room.topic\0' : undefined, ts),
        inLog: false,
      }
      const { outcome } = await this.#placer.append(before, event)
      if (outcome !== 'ok' || event.ref.pos === undefined) throw new Error('nothing was backfilled')
      this.#resolver.note(event.ref.pos, ts)
      before = await this.#placer.before(this.#room, [event.ref.pos])
    }
  }

  async #look(): Promise<void> {
    const context = await this.#states.context(this.#room)
    this.#extremities = context.extremities
    this.#stateVersion = context.stateVersion
  }

  #checked(key: string | undefined, ts: number): CheckedEvent {
    const {
      kind: _,
      prev: _p,
      room: _r,
      stateVersion: _v,
      membership: _m,
      txn: _t,
      ...item
    } = this.#item(key, ts, [])
    return {
      ...item,
      newRoom: undefined,
      inLog: true,
      auth: [],
      missing: [],
      redacts: undefined,
      thread: undefined,
    }
  }

  #item(key: string | undefined, ts: number, prev: readonly EventRef[]): EventItem {
    const user = this.#user
    if (user === undefined) throw new Error('there is no user')
    const [type = 'm.room.message', stateKey] = key?.split('\0') ?? []
    const content = type === 'm.room.member' ? '{"membership":"join"}' : '{}'
    const before = '{"content":'
    const depth = Math.max(0, ...prev.map((ref) => ref.depth)) + 1
    const rest = JSON.stringify({
      auth_events: [],
      depth,
      origin_server_ts: ts,
      prev_events: [],
      room_id: '!room:s0.example',
      sender: user.userId,
      state_key: stateKey,
      type,
    })
    return {
      kind: 'event',
      room: this.#room,
      ref: { eventId: parseEventId(`$${this.#hash('event')}`), depth, pos: undefined },
      type,
      stateKey,
      sender: user.key,
      senderId: user.userId,
      ts,
      prev,
      auth: [],
      stateVersion: this.#stateVersion,
      flags: 0,
      json: `${before}${content},${rest.slice(1)}`,
      contentAt: before.length,
      contentEnd: before.length + content.length,
      membership: undefined,
      redacts: undefined,
      thread: undefined,
      highlights: [],
      txn: undefined,
    }
  }

  #hash(of: string): string {
    return createHash('sha256')
      .update(`${of} ${this.#count++}`)
      .digest('base64url')
  }
}
