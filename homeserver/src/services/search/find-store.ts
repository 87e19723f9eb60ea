import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { RoomKey, UserKey } from '#log/types.ts'
import { queryInRooms } from './lexemes.ts'

/** What is looked for, and where. */
export interface Query {
  /** Text of a `tsquery`. */
  readonly words: string
  /** Rooms, each up to a place in the log. */
  readonly rooms: ReadonlyMap<RoomKey, number>
  /** Numbers of the keys to search. */
  readonly keys: readonly number[]
  /** Undefined: anybody's. */
  readonly senders: readonly UserKey[] | undefined
}

export interface Match {
  readonly ev: number
  readonly place: number
  readonly rank: number
}

/** Matches from the newest back. */
export interface Matches {
  readonly matches: readonly Match[]
  /** How many there are, about, these included. */
  readonly count: number
  /** Before which place to go on; undefined when there are no more. */
  readonly next: number | undefined
}

/** Events of the whole server looked at one by one: words that are common enough are found so. */
const WALK = 2_000
/** Matches given at once, at most. */
const MOST = 200
/** Naming more rooms than this in the query costs more than it saves. */
const MAX_NAMED_ROOMS = 200
const END = Number.MAX_SAFE_INTEGER

/**
 * The newest matches before a place in the log. A common word is found among the latest events; the
 * matches of a rare one are few, so the index gives all of them. Either way the time does not grow with
 * the number of events.
 * @param enough how many must be among the latest events, that the index need not be asked
 */
export async function findMatches(
  db: Db,
  query: Query,
  { before, enough }: { readonly before: number; readonly enough: number },
): Promise<Matches> {
  const walked = await walk(db, query, before)
  if (walked.next === undefined || walked.matches.length >= enough) return walked
  return await fromIndex(db, query, before)
}

const matchColumns = (words: string) =>
  sql`f.ev, f.place, ts_rank(f.words, ${words}::tsquery, 1) AS rank`

const inRooms = ({ rooms }: Query) =>
  sql`unnest(${[...rooms.keys()]}::bigint[], ${placesOf(rooms)}::bigint[]) r(room, up_to)
    ON r.room = f.room AND f.place <= r.up_to`

const placesOf = (rooms: Query['rooms']): number[] =>
  Array.from(rooms.values(), (place) => Math.min(place, END))

const wanted = ({ keys, senders }: Query) =>
  sql`f.key = ANY (${keys}::smallint[])
    AND (${senders ?? null}::bigint[] IS NULL OR f.sender = ANY (${senders ?? null}::bigint[]))`

interface WalkRow {
  readonly ev: number | null
  readonly place: number
  readonly rank: number
  readonly walked: number
  readonly last: number
  readonly stored: number
}

async function walk(db: Db, query: Query, before: number): Promise<Matches> {
  const { rows } = await sql<WalkRow>`
    WITH latest AS MATERIALIZED (SELECT s.* FROM search_events s
        WHERE s.place < ${before} ORDER BY s.place DESC LIMIT ${WALK}),
      found AS (SELECT ${matchColumns(query.words)} FROM latest f JOIN ${inRooms(query)}
        WHERE f.words @@ ${query.words}::tsquery AND ${wanted(query)})
    SELECT found.*, w.* FROM (SELECT count(*) AS walked, min(place) AS last,
        (SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_events'::regclass) AS stored
        FROM latest) w
      LEFT JOIN found ON true ORDER BY found.place DESC`.execute(db)
  const [first] = rows
  const matches = rows.flatMap(({ ev, place, rank }) => (ev === null ? [] : [{ ev, place, rank }]))
  if (first === undefined || first.walked < WALK) {
    return { matches, count: matches.length, next: undefined }
  }
  const share = Math.max(1, first.stored / first.walked)
  return cut({ matches, count: Math.ceil(matches.length * share), next: first.last })
}

async function fromIndex(db: Db, query: Query, before: number): Promise<Matches> {
  const rooms = [...query.rooms.keys()]
  const words = rooms.length <= MAX_NAMED_ROOMS ? queryInRooms(query.words, rooms) : query.words
  const { rows } = await sql<Match & { readonly total: number }>`
    WITH found AS MATERIALIZED (SELECT f.ev, f.place, f.words FROM search_events f
        JOIN ${inRooms(query)}
        WHERE f.words @@ ${words}::tsquery AND f.place < ${before} AND ${wanted(query)})
    SELECT ${matchColumns(query.words)}, count(*) OVER () AS total
      FROM found f ORDER BY f.place DESC LIMIT ${MOST}`.execute(db)
  const matches = rows.map(({ ev, place, rank }) => ({ ev, place, rank }))
  const count = rows[0]?.total ?? 0
  const last = matches.at(-1)
  return { matches, count, next: count > matches.length ? last?.place : undefined }
}

function cut({ matches, count, next }: Matches): Matches {
  const kept = matches.slice(0, MOST)
  return { matches: kept, count, next: kept.length < matches.length ? kept.at(-1)?.place : next }
}
