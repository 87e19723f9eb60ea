import { clientForm } from '#log/client-form.ts'
import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type {
  Dictionary,
  EventEntry,
  Log,
  RoomInfo,
  RoomKey,
  StoredEvent,
  UserKey,
} from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Aggregations } from '#services/aggregations/index.ts'
import { bundles } from './bundles.ts'
import { contentJson } from './content.ts'
import { EventCache } from './event-cache.ts'
import { membershipsAt } from './memberships-at.ts'
import { prunedAmong, prunedFor, type Erased } from './pruned-for.ts'
import type { AnyEvent, ClientEvents, SerializeOptions, Viewer } from './types.ts'
import { unsignedJson } from './unsigned.ts'

export interface ClientEventsDeps {
  readonly log: Pick<Log, 'subscribe' | 'onReset'>
  readonly reads: LogReads
  readonly timelineReads: TimelineReads
  readonly dictionary: Dictionary
  readonly roomStates: RoomStates
  readonly clock: Clock
  readonly aggregations: Aggregations
  readonly erased: Erased
}

/** Everything that the texts of some events need and that had to be loaded. */
interface Loaded {
  readonly rooms: ReadonlyMap<RoomKey, RoomInfo>
  /** Redactions and replaced state events, by position. */
  readonly referenced: ReadonlyMap<number, StoredEvent>
  /** By position of the state event. */
  readonly replaced: ReadonlyMap<number, StoredEvent>
  readonly txnIds: ReadonlyMap<number, string>
  readonly memberships: ReadonlyMap<StoredEvent, string>
  readonly relations: ReadonlyMap<number, string>
  /** Events that this viewer gets without what their sender wrote. */
  readonly pruned: ReadonlySet<StoredEvent>
}

const none = <Key, Value>(): ReadonlyMap<Key, Value> => new Map<Key, Value>()

const eventOf = (item: AnyEvent): StoredEvent => ('kind' in item ? item.event : item)
const entryOf = (item: AnyEvent): EventEntry | undefined => ('kind' in item ? item : undefined)

export class ClientEventTexts implements ClientEvents {
  readonly #deps: ClientEventsDeps
  readonly #cache: EventCache

  constructor(deps: ClientEventsDeps) {
    this.#deps = deps
    this.#cache = new EventCache(deps.reads, deps.log)
  }

  async serializeEvents(
    events: readonly AnyEvent[],
    viewer: Viewer,
    options: SerializeOptions,
  ): Promise<string[]> {
    if (events.length === 0) return []
    const loaded = await this.#load(events, viewer, options)
    const now = this.#deps.clock.now()
    return events.map((any) => this.#text(any, viewer, options, loaded, now))
  }

  async prunedFor(
    events: readonly StoredEvent[],
    user: UserKey,
  ): Promise<ReadonlySet<StoredEvent>> {
    return await prunedFor(events, user, this.#deps)
  }

  async #load(
    events: readonly AnyEvent[],
    viewer: Viewer,
    options: SerializeOptions,
  ): Promise<Loaded> {
    const stored = events.map(eventOf)
    const [rooms, referenced, replaced, txnIds, memberships, relations] = await Promise.all([
      this.#deps.dictionary.roomsByKey([...new Set(stored.map((event) => event.room))]),
      this.#referenced(events, options),
      options.prevContent === false ? none<number, StoredEvent>() : this.#replaced(events),
      this.#txnIds(events, viewer),
      options.membership === false
        ? none<StoredEvent, string>()
        : membershipsAt(stored, viewer.user, this.#deps),
      options.relations === false
        ? none<number, string>()
        : bundles(stored, viewer, options, { ...this.#deps, clientEvents: this }),
    ])
    const pruned = await prunedAmong(stored, memberships, this.#deps.erased)
    return { rooms, referenced, replaced, txnIds, memberships, relations, pruned }
  }

  async #referenced(
    events: readonly AnyEvent[],
    options: SerializeOptions,
  ): Promise<ReadonlyMap<number, StoredEvent>> {
    const positions: number[] = []
    for (const any of events) {
      const { redactedBy } = eventOf(any)
      if (redactedBy !== undefined) positions.push(redactedBy)
      const replaces = entryOf(any)?.replaces
      if (replaces !== undefined && options.prevContent !== false) positions.push(replaces)
    }
    return positions.length === 0 ? none() : await this.#cache.byPos(positions)
  }

  /** What state events from the database replaced; entries of the tail know it. */
  async #replaced(events: readonly AnyEvent[]): Promise<ReadonlyMap<number, StoredEvent>> {
    const state = events.filter((any) => entryOf(any) === undefined).map(eventOf)
    const found = await Promise.all(
      state.map(async (event): Promise<[number, StoredEvent][]> => {
        if (event.stateKey === undefined) return []
        const point = this.#deps.roomStates.pointBefore(event)
        if (point === undefined) return []
        const before = await this.#deps.roomStates.at(point, event.type, event.stateKey)
        return before === undefined ? [] : [[event.pos, before]]
      }),
    )
    return new Map(found.flat())
  }

  async #txnIds(
    events: readonly AnyEvent[],
    { user, device }: Viewer,
  ): Promise<ReadonlyMap<number, string>> {
    if (device === undefined) return none()
    const own = events.filter((any) => entryOf(any) === undefined && eventOf(any).sender === user)
    if (own.length === 0) return none()
    const positions = own.map((any) => eventOf(any).pos)
    return await this.#deps.timelineReads.txnIds(device, positions)
  }

  #text(
    any: AnyEvent,
    viewer: Viewer,
    options: SerializeOptions,
    loaded: Loaded,
    now: number,
  ): string {
    const event = eventOf(any)
    const room = loaded.rooms.get(event.room)
    if (room === undefined) throw new Error(`The dictionary lacks room ${event.room}`)
    const pruned = loaded.pruned.has(event)
    const client = pruned
      ? clientForm({ ...event, redactedBy: event.redactedBy ?? 0 }, room.version)
      : (entryOf(any)?.client ?? clientForm(event, room.version))
    const inRoom = options.roomId ? `,"room_id":${JSON.stringify(room.roomId)}` : ''
    const replaced = pruned ? undefined : replacedBy(any, loaded)
    const redaction = event.redactedBy && loaded.referenced.get(event.redactedBy)
    const unsigned = unsignedJson({
      age: Math.max(0, now - event.ts),
      membership: loaded.memberships.get(event),
      transactionId: txnIdOf(any, viewer, loaded),
      replaced: replaced && {
        eventId: replaced.eventId,
        contentJson: contentJson(replaced, room.version),
      },
      redactedBecause: redaction
        ? `${clientForm(redaction, room.version).slice(0, -1)}${inRoom}}`
        : undefined,
      relations: loaded.relations.get(event.pos),
    })
    return `${client.slice(0, -1)}${inRoom},"unsigned":${unsigned}}`
  }
}

function replacedBy(any: AnyEvent, loaded: Loaded): StoredEvent | undefined {
  const entry = entryOf(any)
  if (entry === undefined) return loaded.replaced.get(eventOf(any).pos)
  return entry.replaces === undefined ? undefined : loaded.referenced.get(entry.replaces)
}

function txnIdOf(any: AnyEvent, { device }: Viewer, { txnIds }: Loaded): string | undefined {
  const entry = entryOf(any)
  if (entry === undefined) return txnIds.get(eventOf(any).pos)
  return entry.txn !== undefined && entry.txn.device === device ? entry.txn.id : undefined
}
