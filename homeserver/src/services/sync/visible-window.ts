import type { EventEntry, MembershipRow, StoredEvent, UserKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { TimelineWindow } from './timeline-window.ts'
import type { SyncDeps } from './types.ts'

const VISIBILITY = 'm.room.history_visibility'

/**
 * Leaves out what the user may not see. Where paging goes on was chosen before, so that a page
 * without visible events does not end it.
 */
export async function visibleWindow(
  deps: Pick<SyncDeps, 'visibility'>,
  user: UserKey,
  row: MembershipRow,
  window: TimelineWindow,
): Promise<TimelineWindow> {
  const [visible] = await visibleWindows(deps, user, [{ row, window, openHistory: false }])
  return visible ?? window
}

/** The same for many rooms with one question. */
export async function visibleWindows(
  deps: Pick<SyncDeps, 'visibility'>,
  user: UserKey,
  rooms: readonly {
    readonly row: MembershipRow
    readonly window: TimelineWindow
    /** All members may see all of it, see {@link isOpenHistory}. */
    readonly openHistory: boolean
  }[],
): Promise<TimelineWindow[]> {
  const doubtful = rooms.flatMap(({ row, window, openHistory }) =>
    openHistory ? [] : window.events.filter((entry) => !isMemberAt(row, entry)),
  )
  if (doubtful.length === 0) return rooms.map(({ window }) => window)
  const answers = await deps.visibility.canSee(
    user,
    doubtful.map(({ event }) => event),
  )
  const hidden = new Set(doubtful.filter((_, index) => answers[index] !== true))
  return rooms.map(({ window }) => {
    const events = window.events.filter((entry) => !hidden.has(entry))
    return events.length === window.events.length ? window : { ...window, events, limited: true }
  })
}

/** Whoever was joined at an event may see it, whatever the room's visibility. */
const isMemberAt = (row: MembershipRow, entry: EventEntry): boolean =>
  row.membership === 'join' && entry.pos >= row.pos

/**
 * True when `shared` or `world_readable` history held throughout what was read, so that every event
 * in it is open to whoever is joined now: spares a first sync the question for each of its rooms.
 * @param current the room's current `m.room.history_visibility`; without one history is shared
 */
export function isOpenHistory(
  read: readonly EventEntry[],
  current: StoredEvent | undefined,
): boolean {
  const changes = read.filter(({ event }) => event.type === VISIBILITY && event.stateKey === '')
  const first = changes[0]
  if (first?.replaces !== undefined) return false
  const isNewer = current !== undefined && current.pos > (read.at(-1)?.pos ?? 0)
  if (first === undefined && isNewer) return false
  const known = [...changes.map(({ event }) => event), ...(current === undefined ? [] : [current])]
  return known.every(isOpen)
}

function isOpen(event: StoredEvent): boolean {
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  const value = isJsonObject(content) ? own(content, 'history_visibility') : undefined
  return value === 'shared' || value === 'world_readable'
}
