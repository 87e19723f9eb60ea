import type { UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Viewer } from '#services/timeline/index.ts'
import { findMatches, type Query } from './find-store.ts'
import { queryText } from './lexemes.ts'
import { parseSearchToken, type SearchPlace } from './page-token.ts'
import { searchedRooms } from './searched-rooms.ts'
import { KEYS, TYPE_OF_KEY } from './searchable-text.ts'
import { typeTest } from '#services/filters/index.ts'
import type { Found, SearchDeps, SearchRequest } from './types.ts'
import { visibleMatches } from './visible-matches.ts'

/** Results of one page, in the order that was asked for. */
export interface ResultPage {
  readonly found: readonly Found[]
  readonly count: number
  /** Where the next page begins; undefined when there is none. A full page may be the last. */
  readonly next: SearchPlace | undefined
}

/** Reads for one page; then the client gets what was found and a token to go on. */
const MAX_READS = 5
const NOTHING: ResultPage = { found: [], count: 0, next: undefined }

/**
 * Collects a page. Matches come from the newest back, some hundred at a time; `rank` sorts each such
 * group by how well they match, so what matches best is the best of the latest. Where to go on is known
 * whether or not any of them may be seen, so that an empty page does not end the search.
 * @throws {MatrixError} 400 `M_INVALID_PARAM` for a token that is none
 */
export async function resultPage(
  deps: SearchDeps,
  viewer: Viewer,
  request: SearchRequest,
): Promise<ResultPage> {
  const start = request.nextBatch === undefined ? undefined : parseSearchToken(request.nextBatch)
  const query = await queryOf(deps, viewer, request, start?.group)
  if (query === undefined) return NOTHING
  const found: Found[] = []
  let { before, after }: Pick<SearchPlace, 'before' | 'after'> = start ?? { before: NEWEST }
  let count = start?.count
  for (let reads = 0; reads < MAX_READS; reads++) {
    const matches = await findMatches(deps.db, query, { before, enough: request.limit + 1 })
    const visible = await visibleMatches(deps, viewer, request, matches.matches)
    count ??= matches.next === undefined ? visible.length : matches.count
    const rest = inOrder(visible, request, after)
    const shown = rest.slice(0, request.limit - found.length)
    found.push(...shown)
    const last = shown.at(-1)
    if (last !== undefined && found.length >= request.limit) {
      // clients that page until nothing comes want a token with every full page
      const next = { ...placeAfter(last, before, request), count, ...groupOf(start) }
      return { found, count, next }
    }
    if (matches.next === undefined) return { found, count, next: undefined }
    before = matches.next
    after = undefined
  }
  return { found, count: count ?? 0, next: { before, count: count ?? 0, ...groupOf(start) } }
}

const NEWEST = Number.MAX_SAFE_INTEGER

const groupOf = (start: SearchPlace | undefined): Pick<SearchPlace, 'group'> =>
  start?.group === undefined ? {} : { group: start.group }

/** By rank a page may end among the matches that were read together: they are read again for the next. */
function placeAfter(
  { rank, place }: Found,
  before: number,
  { orderBy }: SearchRequest,
): Pick<SearchPlace, 'before' | 'after'> {
  return orderBy === 'recent' ? { before: place } : { before, after: { rank, place } }
}

function inOrder(
  visible: readonly Found[],
  { orderBy }: SearchRequest,
  after: SearchPlace['after'],
): readonly Found[] {
  if (orderBy === 'recent') return visible
  const sorted = visible.toSorted(byRank)
  return after === undefined ? sorted : sorted.filter((one) => byRank(after, one) < 0)
}

type Ranked = Pick<Found, 'rank' | 'place'>

const byRank = (a: Ranked, b: Ranked): number => b.rank - a.rank || b.place - a.place

/** Undefined when nothing can match. */
async function queryOf(
  deps: SearchDeps,
  { user }: Viewer,
  request: SearchRequest,
  group: SearchPlace['group'],
): Promise<Query | undefined> {
  const words = queryText(request.term)
  const passes = typeTest(request.filter)
  const keys = request.keys.filter((key) => passes(TYPE_OF_KEY[key])).map((key) => KEYS[key])
  const [rooms, senders] = await Promise.all([
    searchedRooms(deps, user, request, group),
    sendersOf(deps, request, group),
  ])
  if (words === undefined || keys.length === 0 || rooms.size === 0 || senders?.length === 0) {
    return undefined
  }
  return { words, rooms, keys, senders }
}

async function sendersOf(
  { dictionary }: Pick<SearchDeps, 'dictionary'>,
  { filter }: SearchRequest,
  group: SearchPlace['group'],
): Promise<UserKey[] | undefined> {
  const asked: readonly UserId[] | undefined =
    group?.key === 'sender' ? [group.value] : filter.senders
  if (asked === undefined) return undefined
  const users = await Promise.all(asked.map((userId) => dictionary.findUser(userId)))
  return users.flatMap((user) => (user === undefined ? [] : [user.key]))
}
