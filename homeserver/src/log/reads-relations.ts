import type { Statement } from '#db/pipelined-client.ts'
import { parseEventId, type EventId } from '#matrix/ids.ts'
import type { Reader } from './read/connections.ts'
import type { Topological } from './reads.ts'
import type { RoomKey, UserKey } from './types.ts'

/** Levels of relations that are followed, as the specification asks for. */
export const MAX_RECURSION = 3
/** References listed of one event; a poll may have more votes. */
const MAX_REFERENCES = 1000

/** What relates to an event, in numbers. */
export interface RelationSums {
  /** Position of the newest valid edit. */
  readonly edit: number | undefined
  readonly thread: ThreadSum | undefined
  readonly references: readonly EventId[]
}

interface ThreadSum {
  /** Position of the topologically last event. */
  readonly latest: number
  readonly count: number
  /** The user sent one of them. */
  readonly participated: boolean
}

/** Which events related to a parent are wanted. */
export interface RelatedQuery {
  readonly room: RoomKey
  readonly parent: EventId
  readonly relType: string | undefined
  readonly eventType: string | undefined
  /** Also what relates to those, see {@link MAX_RECURSION}. */
  readonly recurse: boolean
  /** User IDs whose events are left out. */
  readonly ignored: readonly string[]
  readonly from: Topological | undefined
  readonly dir: 'b' | 'f'
  readonly limit: number
}

/** Which threads of a room are wanted, latest activity first. */
export interface ThreadsQuery {
  readonly room: RoomKey
  /** Only those in which this user took part. */
  readonly participant: UserKey | undefined
  readonly ignored: readonly string[]
  readonly from: Topological | undefined
  /** As of this position. */
  readonly upTo: number
  readonly limit: number
}

/** A thread, by its last event. */
export interface ThreadRow extends Topological {
  readonly root: EventId
}

/** Whose annotations of what are wanted. */
export interface AnnotationsQuery {
  readonly room: RoomKey
  readonly parent: EventId
  readonly sender: UserKey
  readonly eventType: string
}

/** Reads of relations; each is one statement. Redacted events relate to nothing. */
export interface RelationReads {
  /** By position, of the events at some positions. */
  sums(
    positions: readonly number[],
    user: UserKey,
    ignored: readonly string[],
  ): Promise<Map<number, RelationSums>>
  /** Positions of the newest events that relate to each of some, at most `limit` for each. */
  newestRelated(
    positions: readonly number[],
    ignored: readonly string[],
    limit: number,
  ): Promise<number[]>
  /** Positions in topological order, from `from` (exclusive). */
  related(query: RelatedQuery): Promise<number[]>
  threads(query: ThreadsQuery): Promise<ThreadRow[]>
  /** Positions of a user's annotations of an event, of one event type. */
  annotations(query: AnnotationsQuery): Promise<number[]>
}

/** Neither hidden nor redacted. */
const COUNTS = 'c.flags & 15 = 0'

const notIgnored = (parameter: string): string =>
  `c.sender <> ALL (ARRAY(SELECT u.key FROM users u WHERE u.user_id = ANY (${parameter}::text[])))`

/** Written so that the index of a room's thread events does not offer itself for one thread's. */
const isInThread = (table: string): string => `${table}.rel_type || '' = 'm.thread'`

const CHILD = `c.relates_to = p.event_id AND c.room = p.room AND ${COUNTS} AND ${notIgnored('$3')}`

/** $1 positions, $2 user, $3 ignored. No index has the order of edits, though one looks as if it had. */
const SUMS: Statement = {
  name: 'relation_sums',
  text: `SELECT p.pos, t.count, t.participated,
      CASE WHEN p.flags & 4 = 0 AND p.rel_type IS DISTINCT FROM 'm.replace' THEN (
        SELECT c.pos FROM events c WHERE ${CHILD} AND c.rel_type = 'm.replace'
          AND c.sender = p.sender AND c.type = p.type
        ORDER BY c.ts + 0 DESC, c.event_id DESC LIMIT 1) END AS edit,
      (SELECT c.pos FROM events c WHERE ${CHILD} AND ${isInThread('c')}
        ORDER BY c.depth DESC, c.pos DESC LIMIT 1) AS latest,
      (SELECT array_agg(r.event_id ORDER BY r.depth, r.pos) FROM (
        SELECT c.event_id, c.depth, c.pos FROM events c WHERE ${CHILD} AND c.rel_type = 'm.reference'
        ORDER BY c.depth DESC, c.pos DESC LIMIT ${MAX_REFERENCES}) r) AS refs
    FROM events p, LATERAL (
      SELECT count(*)::int AS count, bool_or(c.sender = $2) AS participated
      FROM events c WHERE ${CHILD} AND ${isInThread('c')}) t
    WHERE p.pos = ANY ($1::bigint[])`,
}

/** $1 positions, $2 limit, $3 ignored. */
const NEWEST_RELATED: Statement = {
  name: 'newest_related',
  text: `SELECT n.pos FROM events p, LATERAL (
      SELECT c.pos FROM events c WHERE ${CHILD}
        AND c.rel_type IN ('m.replace', 'm.thread', 'm.reference')
      ORDER BY c.depth DESC, c.pos DESC LIMIT $2) n
    WHERE p.pos = ANY ($1::bigint[])`,
}

const WANTED = `c.room = $1 AND ${COUNTS} AND ${notIgnored('$5')}
  AND ($3::text IS NULL OR c.rel_type = $3)
  AND ($4::text IS NULL OR c.type = (SELECT t.key FROM event_types t WHERE t.type = $4))`

/** $1 room, $2 parent, $3 relation type, $4 event type, $5 ignored, $6 $7 from, $8 limit. */
function relatedText(dir: 'b' | 'f', recurse: boolean): string {
  const [beyond, order] = dir === 'b' ? ['<', 'DESC'] : ['>', 'ASC']
  const page = `(c.depth, c.pos) ${beyond} ($6, $7) ORDER BY c.depth ${order}, c.pos ${order} LIMIT $8`
  if (!recurse) {
    return `SELECT c.pos FROM events c WHERE c.relates_to = $2 AND ${WANTED} AND ${page}`
  }
  return `WITH RECURSIVE tree AS (
      SELECT c.pos, c.depth, c.event_id, 1 AS level FROM events c
      WHERE c.relates_to = $2 AND ${WANTED}
    UNION ALL
      SELECT c.pos, c.depth, c.event_id, tree.level + 1 FROM tree, events c
      WHERE c.relates_to = tree.event_id AND tree.level < ${MAX_RECURSION} AND ${WANTED})
    SELECT DISTINCT c.depth, c.pos FROM tree c WHERE ${page}`
}

const RELATED: Readonly<Record<'b' | 'f', readonly [Statement, Statement]>> = {
  b: [
    { name: 'related_back', text: relatedText('b', false) },
    { name: 'related_tree_back', text: relatedText('b', true) },
  ],
  f: [
    { name: 'related_forward', text: relatedText('f', false) },
    { name: 'related_tree_forward', text: relatedText('f', true) },
  ],
}

/**
 * The last event of each thread, newest first: thread events that are the last of their thread. The
 * inner questions are scalars, each one look at an index: an EXISTS would become a join with the room.
 * $1 room, $2 participant or NULL, $3 ignored, $4 $5 from, $6 limit, $7 up to.
 */
const THREADS: Statement = {
  name: 'threads',
  text: `SELECT c.depth, c.pos, c.relates_to AS root FROM events c
    WHERE c.room = $1 AND c.rel_type = 'm.thread' AND ${COUNTS} AND ${notIgnored('$3')}
      AND (c.depth, c.pos) < ($4, $5) AND c.pos <= $7
      AND c.pos = (SELECT n.pos FROM events n WHERE n.relates_to = c.relates_to AND n.room = $1
        AND ${isInThread('n')} AND n.flags & 15 = 0 AND n.pos <= $7
        AND ${notIgnored('$3').replaceAll('c.', 'n.')}
        ORDER BY n.depth DESC, n.pos DESC LIMIT 1)
      AND ($2::bigint IS NULL
        OR (SELECT r.sender FROM events r WHERE r.event_id = c.relates_to) = $2
        OR (SELECT o.pos FROM events o WHERE o.relates_to = c.relates_to AND o.room = $1
          AND ${isInThread('o')} AND o.flags & 15 = 0 AND o.sender = $2 LIMIT 1) IS NOT NULL)
    ORDER BY c.depth DESC, c.pos DESC LIMIT $6`,
}

const ANNOTATIONS: Statement = {
  name: 'annotations',
  text: `SELECT c.pos FROM events c
    WHERE c.relates_to = $2 AND c.rel_type = 'm.annotation' AND c.sender = $3 AND c.room = $1
      AND ${COUNTS} AND c.type = (SELECT t.key FROM event_types t WHERE t.type = $4)`,
}

/** All statements, for a look at their plans. */
export const RELATION_STATEMENTS = {
  sums: SUMS,
  newest: NEWEST_RELATED,
  related: RELATED.b[0],
  tree: RELATED.f[1],
  threads: THREADS,
  annotations: ANNOTATIONS,
} as const

interface SumsRow {
  readonly pos: number
  readonly edit: number | null
  readonly latest: number | null
  readonly count: number
  readonly participated: boolean | null
  readonly refs: string[] | null
}

const FIRST: Topological = { depth: -1, pos: 0 }
const LAST: Topological = { depth: Number.MAX_SAFE_INTEGER, pos: Number.MAX_SAFE_INTEGER }

export function createRelationReads(reader: Reader): RelationReads {
  return {
    async sums(positions, user, ignored) {
      const rows = await reader.query<SumsRow>(SUMS, [positions, user, ignored])
      return new Map(rows.map((row) => [row.pos, sumsOf(row)]))
    },

    async newestRelated(positions, ignored, limit) {
      const values = [positions, limit, ignored]
      return (await reader.query<{ pos: number }>(NEWEST_RELATED, values)).map(({ pos }) => pos)
    },

    async related({ room, parent, relType, eventType, recurse, ignored, from, dir, limit }) {
      const place = from ?? (dir === 'b' ? LAST : FIRST)
      const statement = RELATED[dir][recurse ? 1 : 0]
      const values = [room, parent, relType, eventType, ignored, place.depth, place.pos, limit]
      return (await reader.query<{ pos: number }>(statement, values)).map(({ pos }) => pos)
    },

    async threads({ room, participant, ignored, from = LAST, limit, upTo }) {
      const values = [room, participant, ignored, from.depth, from.pos, limit, upTo]
      const rows = await reader.query<Topological & { root: string }>(THREADS, values)
      return rows.map(({ depth, pos, root }) => ({ depth, pos, root: parseEventId(root) }))
    },

    async annotations({ room, parent, sender, eventType }) {
      const values = [room, parent, sender, eventType]
      return (await reader.query<{ pos: number }>(ANNOTATIONS, values)).map(({ pos }) => pos)
    },
  }
}

function sumsOf({ edit, latest, count, participated, refs }: SumsRow): RelationSums {
  return {
    edit: edit ?? undefined,
    thread: latest === null ? undefined : { latest, count, participated: participated === true },
    references: (refs ?? []).map(parseEventId),
  }
}
