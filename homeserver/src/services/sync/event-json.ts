import { EventFlag, type Dictionary, type EventEntry, type StoredEvent } from '#log/types.ts'
import { clientEventJson } from '#matrix/events/client-form.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { Clock } from '#platform/clock.ts'
import { contentJson } from '#services/timeline/index.ts'
import type { AnyEvent, ClientEvents, Viewer } from '#services/timeline/index.ts'
import type { FieldPicker } from './event-fields.ts'
import { federationJson } from './federation-json.ts'
import type { EventForm } from './filter.ts'

/** JSON text of events, as lists without the brackets. One text per event serves all its readers. */
export class EventJson {
  readonly #clientEvents: ClientEvents
  readonly #clock: Pick<Clock, 'now'>
  readonly #dictionary: Pick<Dictionary, 'roomsByKey'>
  readonly #open = new WeakMap<StoredEvent, string>()
  readonly #bare = new WeakMap<StoredEvent, string>()

  constructor(deps: {
    readonly clientEvents: ClientEvents
    readonly clock: Pick<Clock, 'now'>
    readonly dictionary: Pick<Dictionary, 'roomsByKey'>
  }) {
    this.#clientEvents = deps.clientEvents
    this.#clock = deps.clock
    this.#dictionary = deps.dictionary
  }

  /**
   * Events of a timeline.
   * @param joinedAt the viewer has been joined since this position, so was a member at later events
   * @param bundled with what relates to them summed up: the timeline leaves events out
   */
  async timeline(
    events: readonly EventEntry[],
    viewer: Viewer,
    joinedAt: number | undefined,
    { format, fields }: EventForm,
    bundled: boolean,
  ): Promise<string> {
    if (format === 'federation') {
      const stored = events.map(({ event }) => event)
      return await this.#raw(stored, await this.#clientEvents.prunedFor(stored, viewer.user))
    }
    const now = this.#clock.now()
    const isPlain = (entry: EventEntry) =>
      joinedAt !== undefined &&
      entry.pos >= joinedAt &&
      isPlainMessage(entry.event) &&
      !(bundled && isRelated(entry.event))
    const rest = events.filter((entry) => !isPlain(entry))
    const others = rest.length === 0 ? [] : await this.#serialize(rest, viewer, bundled)
    const texts = new Map(rest.map((entry, index) => [entry, others[index] ?? '']))
    const all = events.map((entry) => texts.get(entry) ?? this.#plain(entry, viewer, now))
    return listOf(all, fields)
  }

  /** Events of the state; without `unsigned` unless they are redacted. */
  async state(
    events: readonly StoredEvent[],
    viewer: Viewer,
    { format, fields }: EventForm,
  ): Promise<string> {
    if (format === 'federation') return await this.#raw(events)
    const redacted = events.filter(isRedacted)
    const others = redacted.length === 0 ? [] : await this.#serialize(redacted, viewer, false)
    const texts = new Map(redacted.map((event, index) => [event, others[index] ?? '']))
    const all = events.map((event) => texts.get(event) ?? this.#bareOf(event))
    return listOf(all, fields)
  }

  async #raw(
    events: readonly StoredEvent[],
    pruned: ReadonlySet<StoredEvent> = new Set(),
  ): Promise<string> {
    const rooms = await this.#dictionary.roomsByKey([...new Set(events.map(({ room }) => room))])
    return events
      .flatMap((event) => {
        const room = rooms.get(event.room)
        return room === undefined ? [] : [federationJson(event, room.version, pruned.has(event))]
      })
      .join(',')
  }

  async #serialize(
    events: readonly AnyEvent[],
    viewer: Viewer,
    relations: boolean,
  ): Promise<string[]> {
    return await this.#clientEvents.serializeEvents(events, viewer, { roomId: false, relations })
  }

  /** The shared text of a message, with what differs between readers spliced in. */
  #plain(entry: EventEntry, viewer: Viewer, now: number): string {
    const { event, txn } = entry
    let open = this.#open.get(event)
    if (open === undefined) {
      open = `${this.#bareOf(event).slice(0, -1)},"unsigned":{"membership":"join","io.element.msc4115.membership":"join","age":`
      this.#open.set(event, open)
    }
    const age = Math.max(0, now - event.ts)
    if (txn === undefined || txn.device !== viewer.device) return `${open}${age}}}`
    return `${open}${age},"transaction_id":${JSON.stringify(txn.id)}}}`
  }

  #bareOf(event: StoredEvent): string {
    let bare = this.#bare.get(event)
    if (bare === undefined) {
      bare = clientEventJson({
        eventId: event.eventId,
        type: event.type,
        sender: event.senderId,
        ts: event.ts,
        stateKey: event.stateKey,
        contentJson: event.json.slice(event.contentAt, event.contentEnd),
      })
      this.#bare.set(event, bare)
    }
    return bare
  }
}

const listOf = (texts: readonly string[], fields: FieldPicker | undefined): string =>
  (fields === undefined ? texts : texts.map(fields)).join(',')

const isRedacted = (event: StoredEvent): boolean =>
  event.redactedBy !== undefined || (event.flags & EventFlag.redacted) !== 0

const isRelated = ({ flags }: StoredEvent): boolean => (flags & EventFlag.related) !== 0

/** Nothing in its `unsigned` has to be looked up. */
const isPlainMessage = (event: StoredEvent): boolean =>
  event.stateKey === undefined && event.type !== 'm.room.redaction' && !isRedacted(event)

/** The stripped form of a state event, from its text; pruned when it is redacted. */
export function strippedJson(event: StoredEvent, version: RoomVersion): string {
  const content = contentJson(event, version)
  return (
    `{"content":${content},"sender":${JSON.stringify(event.senderId)},` +
    `"state_key":${JSON.stringify(event.stateKey)},"type":${JSON.stringify(event.type)}}`
  )
}
