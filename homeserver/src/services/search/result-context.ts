import { encodePageToken } from '#log/index.ts'
import type { StoredEvent } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import {
  EVERYTHING,
  historyPage,
  placeAfter,
  placeBefore,
  type Viewer,
} from '#services/timeline/index.ts'
import type { ContextLimits, Found, SearchDeps } from './types.ts'

/** What happened around a result. */
export interface ResultContext {
  readonly start: string
  readonly end: string
  /** Newest first. */
  readonly before: readonly StoredEvent[]
  readonly after: readonly StoredEvent[]
  /** By user ID; undefined unless asked for. */
  readonly profiles: Readonly<Record<UserId, Profile>> | undefined
}

interface Profile {
  readonly displayname?: string
  readonly avatar_url?: string
}

type Deps = Pick<SearchDeps, 'reads' | 'timelineReads' | 'visibility' | 'roomStates'>

/** The events around a result that the viewer may see, who left as of the leave. */
export async function resultContext(
  deps: Deps,
  viewer: Viewer,
  { event, access }: Found,
  limits: ContextLimits,
): Promise<ResultContext> {
  const { room } = access
  const range = access.kind === 'left' ? { ...EVERYTHING, upTo: access.pos } : EVERYTHING
  const page = { room, viewer, filter: {} }
  const [older, newer] = await Promise.all([
    historyPage(
      { ...page, dir: 'b', limit: limits.before },
      { ...range, from: placeBefore(event) },
      deps,
    ),
    historyPage(
      { ...page, dir: 'f', limit: limits.after },
      { ...range, from: placeAfter(event) },
      deps,
    ),
  ])
  const senders = [event, ...older.events, ...newer.events].map(({ senderId }) => senderId)
  return {
    start: encodePageToken(older.reached ?? placeBefore(event)),
    end: encodePageToken(newer.reached ?? placeAfter(event)),
    before: older.events,
    after: newer.events,
    profiles: limits.profile ? await profilesAt(deps, event, new Set(senders)) : undefined,
  }
}

/** What the users were called when the event was sent. */
async function profilesAt(
  { roomStates }: Deps,
  { point }: StoredEvent,
  userIds: ReadonlySet<UserId>,
): Promise<Record<UserId, Profile>> {
  if (point === undefined) return {}
  const profiles = await Promise.all(
    Array.from(userIds, async (userId): Promise<[UserId, Profile]> => {
      const member = await roomStates.at(point, 'm.room.member', userId)
      const content = member?.roomEvent().content ?? {}
      const name = own(content, 'displayname')
      const avatar = own(content, 'avatar_url')
      return [
        userId,
        {
          ...(typeof name === 'string' && { displayname: name }),
          ...(typeof avatar === 'string' && { avatar_url: avatar }),
        },
      ]
    }),
  )
  return Object.fromEntries(profiles)
}
