import type { SyncTokens } from '#log/index.ts'
import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { Log, RoomKey, StoredEvent, WakeKey, Wakeups } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { ClientEvents, Viewer } from '#services/timeline/index.ts'
import type { Access, Visibility } from '#services/visibility/index.ts'

/** What a client of the old event stream asks for. */
export interface EventsRequest {
  readonly from: string | undefined
  /** How long to wait for an event, in milliseconds. */
  readonly timeout: number
  /** Only events of this room, which need not be joined. */
  readonly roomId: RoomId | undefined
  /** Throws when the session has ended; asked after each wait. */
  readonly confirm: () => Promise<void>
}

/** A piece of the stream; events are JSON texts. */
export interface EventsPage {
  readonly start: string
  readonly end: string
  readonly chunk: readonly string[]
}

/** The stream of events that there was before `/sync`: events of rooms, and nothing else. */
export interface EventStream {
  /**
   * Events after a token, which is one of `/sync`; waits for one when there are none.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a bad token, 403 for a room that the viewer may
   *   not read
   */
  next(viewer: Viewer, request: EventsRequest, signal: AbortSignal): Promise<EventsPage>
}

export interface EventStreamDeps {
  readonly log: Pick<Log, 'head'>
  readonly reads: Pick<LogReads, 'membershipsOf' | 'eventsByPos'>
  readonly timelineReads: Pick<TimelineReads, 'after'>
  readonly tokens: Pick<SyncTokens, 'resolve' | 'encode'>
  readonly wakeups: Pick<Wakeups, 'register'>
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly access: Access
  readonly visibility: Visibility
  readonly clientEvents: ClientEvents
}

const MAX_EVENTS = 100
const MAX_TIMEOUT = 600_000

/** What was found, and up to where was looked. */
interface Found {
  readonly events: readonly StoredEvent[]
  readonly upTo: number
  readonly more: boolean
}

/** Makes the service. */
export function createEventStream(deps: EventStreamDeps): EventStream {
  return {
    async next(viewer, request, signal) {
      const { clock, tokens } = deps
      const deadline = clock.monotonic() + Math.min(request.timeout, MAX_TIMEOUT)
      const since = await startOf(request.from, deps)
      const start =
        request.from ?? tokens.encode({ pos: since, inbox: undefined, ephemeral: undefined })
      let pos = since
      for (;;) {
        const left = deadline - clock.monotonic()
        const rooms = await roomsOf(viewer, request.roomId, since, deps)
        // registered before any position is read, or an event in between would wake nobody
        using waiter = deps.wakeups.register(wakeKeys(viewer, rooms))
        const { events, upTo, more } = await find(viewer, rooms, pos, deps)
        pos = upTo
        if (events.length > 0 || (!more && (left <= 0 || signal.aborted))) {
          const end = tokens.encode({ pos, inbox: undefined, ephemeral: undefined })
          const chunk = await deps.clientEvents.serializeEvents(events, viewer, {
            roomId: true,
            relations: false,
          })
          return { start, end, chunk }
        }
        if (more) continue
        await wait(waiter.woken, left, clock, signal)
        await request.confirm()
      }
    },
  }
}

async function startOf(
  from: string | undefined,
  { tokens, log }: Pick<EventStreamDeps, 'tokens' | 'log'>,
): Promise<number> {
  if (from === undefined) return log.head
  const token = await tokens.resolve(from)
  if (token === undefined) throw invalidParam('The token is of another history of this server.')
  return token.pos
}

/** Joined rooms and those that were left meanwhile, or the one that was asked for. */
async function roomsOf(
  { user }: Viewer,
  roomId: RoomId | undefined,
  since: number,
  { access, reads }: EventStreamDeps,
): Promise<RoomKey[]> {
  if (roomId !== undefined) return [(await access.read(user, roomId)).room.key]
  const rows = await reads.membershipsOf(user)
  return Array.from(rows.values())
    .filter(({ membership, pos }) => membership === 'join' || pos > since)
    .map(({ room }) => room)
}

const wakeKeys = ({ user, device }: Viewer, rooms: readonly RoomKey[]): WakeKey[] => [
  `u${user}`,
  ...(device === undefined ? [] : [`d${device}` as const]),
  ...rooms.map((room) => `r${room}` as const),
]

async function find(
  { user }: Viewer,
  rooms: readonly RoomKey[],
  after: number,
  { log, reads, timelineReads, visibility }: EventStreamDeps,
): Promise<Found> {
  const { head } = log
  const positions =
    rooms.length === 0 ? [] : await timelineReads.after(rooms, { after, upTo: head }, MAX_EVENTS)
  const last = positions.at(-1)
  if (last === undefined) return { events: [], upTo: Math.max(after, head), more: false }
  const found = await reads.eventsByPos(positions)
  const events = positions.flatMap((pos) => found.get(pos) ?? [])
  const visible = await visibility.canSee(user, events)
  const more = positions.length === MAX_EVENTS
  return {
    events: events.filter((_event, index) => visible[index]),
    upTo: more ? last : head,
    more,
  }
}

async function wait(
  woken: Promise<void>,
  ms: number,
  clock: Pick<Clock, 'after'>,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  const abort = () => resolve()
  signal.addEventListener('abort', abort)
  try {
    if (!signal.aborted) await Promise.race([woken, promise])
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}
