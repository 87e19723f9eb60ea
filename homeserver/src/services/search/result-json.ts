import type { StoredEvent } from '#log/types.ts'
import type { Viewer } from '#services/timeline/index.ts'
import { encodeSearchToken, type SearchPlace } from './page-token.ts'
import { resultContext, type ResultContext } from './result-context.ts'
import type { ResultPage } from './result-page.ts'
import type { Found, GroupKey, SearchDeps, SearchRequest } from './types.ts'
import { writtenWords } from './words.ts'

/**
 * An answer's `room_events`, as JSON text.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3search
 */
export async function resultJson(
  deps: SearchDeps,
  viewer: Viewer,
  request: SearchRequest,
  page: ResultPage,
): Promise<string> {
  const [results, state] = await Promise.all([
    resultsJson(deps, viewer, request, page.found),
    request.includeState ? stateJson(deps, viewer, page.found) : undefined,
  ])
  const parts = [
    `"count":${page.count}`,
    `"highlights":${JSON.stringify(writtenWords(request.term))}`,
    `"results":[${results.join(',')}]`,
  ]
  if (state !== undefined) parts.push(`"state":${state}`)
  if (request.groupBy.length > 0) parts.push(`"groups":${JSON.stringify(groupsOf(request, page))}`)
  if (page.next !== undefined) parts.push(`"next_batch":"${encodeSearchToken(page.next)}"`)
  return `{${parts.join(',')}}`
}

async function resultsJson(
  deps: SearchDeps,
  viewer: Viewer,
  { context }: SearchRequest,
  found: readonly Found[],
): Promise<string[]> {
  const contexts =
    context === undefined
      ? []
      : await Promise.all(found.map((one) => resultContext(deps, viewer, one, context)))
  const around = contexts.flatMap(({ before, after }) => [...before, ...after])
  const events = [...new Set([...found.map(({ event }) => event), ...around])]
  const texts = await deps.clientEvents.serializeEvents(events, viewer, { roomId: true })
  const textOf = new Map(events.map((event, index) => [event, texts[index] ?? '']))
  return found.map(({ event, rank }, index) => {
    const own = contexts[index]
    const more = own === undefined ? '' : `,"context":${contextJson(own, textOf)}`
    return `{"rank":${rank},"result":${textOf.get(event) ?? ''}${more}}`
  })
}

function contextJson(context: ResultContext, textOf: ReadonlyMap<StoredEvent, string>): string {
  const { start, end, before, after, profiles } = context
  const list = (events: readonly StoredEvent[]) =>
    `[${events.map((event) => textOf.get(event)).join(',')}]`
  const profile = profiles === undefined ? '' : `,"profile_info":${JSON.stringify(profiles)}`
  return (
    `{"start":"${start}","end":"${end}","events_before":${list(before)},` +
    `"events_after":${list(after)}${profile}}`
  )
}

/** The state of each room in the results, by room ID; of rooms that the user left as of then. */
async function stateJson(
  { access, clientEvents }: SearchDeps,
  viewer: Viewer,
  found: readonly Found[],
): Promise<string> {
  const rooms = new Map(found.map((one) => [one.access.room.roomId, one.access]))
  const members = await Promise.all(
    Array.from(rooms, async ([roomId, roomAccess]) => {
      const state = await access.fullState(roomAccess)
      const options = { roomId: true, membership: false, prevContent: false }
      const texts = await clientEvents.serializeEvents(state, viewer, options)
      return `${JSON.stringify(roomId)}:[${texts.join(',')}]`
    }),
  )
  return `{${members.join(',')}}`
}

interface Group {
  readonly order: number
  readonly results: readonly string[]
  readonly next_batch?: string
}

/** The page's results by room or sender. A group goes on where the whole does. */
function groupsOf({ groupBy }: SearchRequest, { found, next }: ResultPage) {
  return Object.fromEntries(
    groupBy.map((key) => [key, Object.fromEntries(groupsBy(key, found, next))]),
  )
}

function groupsBy(
  key: GroupKey,
  found: readonly Found[],
  next: SearchPlace | undefined,
): [string, Group][] {
  const grouped = Map.groupBy(found, ({ event, access }) =>
    key === 'room_id' ? access.room.roomId : event.senderId,
  )
  return Array.from(grouped, ([value, members], order): [string, Group] => [
    value,
    {
      order,
      results: members.map(({ event }) => event.eventId),
      ...(next !== undefined && { next_batch: groupToken(key, members, next) }),
    },
  ])
}

function groupToken(
  key: GroupKey,
  [first]: readonly [Found, ...Found[]] | readonly Found[],
  next: SearchPlace,
): string {
  if (first === undefined) throw new RangeError('A group has at least one result.')
  const group =
    key === 'room_id'
      ? ({ key, value: first.access.room.roomId } as const)
      : ({ key, value: first.event.senderId } as const)
  return encodeSearchToken({ ...next, group })
}
