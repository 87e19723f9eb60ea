import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import { tokensOf, wholeToken, type SearchTerm } from './search-form.ts'

export interface UserSearch {
  readonly term: SearchTerm
  /** Who searches: not told of themselves. */
  readonly by: UserKey
  /** At most so many users. */
  readonly limit: number
  /** Tell of users whom the searcher would not see in any room, too. */
  readonly everybody: boolean
}

/** A user as the directory tells of them. */
export interface FoundUser {
  readonly user_id: string
  readonly display_name: string | null
  readonly avatar_url: string | null
}

/** So many of all who match are looked at; those who share a room with the searcher come on top. */
const MOST_CANDIDATES = 1_000
const COLUMNS = sql`u.user_key, u.user_id, u.display_name, u.avatar_url, u.search`

/**
 * Users whom a term finds and whom the searcher may know of, best first: those it names exactly, then
 * those with a word that begins so. Whether the searcher may know somebody is asked in that order, until
 * there are enough; the subqueries that ask cannot be made joins, which would ask it of all.
 */
export async function findUsers(db: Db, search: UserSearch): Promise<FoundUser[]> {
  const { rows } = await sql<FoundUser>`
    WITH candidates AS (
      (SELECT ${COLUMNS} FROM user_directory u
        WHERE u.tokens @> ${[wholeToken(search.term.whole)]}::text[] AND ${matches(search.term)}
        LIMIT ${MOST_CANDIDATES})
      UNION
      (SELECT ${COLUMNS} FROM user_directory u WHERE ${matches(search.term)}
        LIMIT ${MOST_CANDIDATES}))
    ${best(search)}`.execute(db)
  if (rows.length >= search.limit) return rows
  const all = await countMatches(db, search.term)
  return all < MOST_CANDIDATES ? rows : await findAcquaintances(db, search)
}

/** The same among those who share a room with the searcher, for terms that find very many. */
async function findAcquaintances(db: Db, search: UserSearch): Promise<FoundUser[]> {
  const { rows } = await sql<FoundUser>`
    WITH candidates AS (
      SELECT DISTINCT ${COLUMNS} FROM memberships mine
      JOIN memberships theirs ON theirs.room = mine.room AND theirs.membership = 'join'
      JOIN user_directory u ON u.user_key = theirs.user_key
      WHERE mine.user_key = ${search.by} AND mine.membership = 'join' AND ${matches(search.term)}
      LIMIT ${MOST_CANDIDATES})
    ${best(search)}`.execute(db)
  return rows
}

async function countMatches(db: Db, term: SearchTerm): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM (
      SELECT FROM user_directory u WHERE ${matches(term)} LIMIT ${MOST_CANDIDATES}) AS found`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

function matches(term: SearchTerm): RawBuilder<boolean> {
  const conditions = [
    sql`u.tokens @> ${tokensOf(term)}::text[]`,
    ...term.words.map((word) => sql`strpos(u.search, ${word}) > 0`),
    ...(term.idPrefix === undefined ? [] : [sql`starts_with(lower(u.user_id), ${term.idPrefix})`]),
  ]
  return sql`(${sql.join(conditions, sql` AND `)})`
}

/** Of the candidates. */
function best(search: UserSearch): RawBuilder<FoundUser> {
  return sql`
    SELECT b.user_id, b.display_name, b.avatar_url FROM (
      SELECT u.user_key, u.user_id, u.display_name, u.avatar_url
      FROM candidates u
      WHERE u.user_key <> ${search.by}
      ORDER BY ${rank(search.term)}, u.display_name IS NULL AND u.avatar_url IS NULL, u.user_id
      OFFSET 0) AS b
    WHERE (SELECT NOT a.deactivated AND NOT a.guest FROM accounts a
        WHERE a.user_key = b.user_key)
      AND coalesce((SELECT NOT r.locked FROM account_restrictions r
        WHERE r.user_key = b.user_key), true)
      AND (${search.everybody} OR ${isSeenBy(search.by)})
    LIMIT ${search.limit}`
}

function rank({ whole, words: [first = ''] }: SearchTerm): RawBuilder<number> {
  const lines = sql`(E'\n' || u.search || E'\n')`
  return sql`CASE WHEN strpos(${lines}, E'\n' || ${whole}::text || E'\n') > 0 THEN 0
    WHEN strpos(${lines}, E'\n' || ${first}::text) > 0 OR strpos(u.search, ' ' || ${first}::text) > 0 THEN 1
    ELSE 2 END`
}

/** In a room that everybody may join or read, or in one with the searcher. */
const isSeenBy = (user: UserKey): RawBuilder<boolean> => sql`
  EXISTS (SELECT FROM memberships m
    LEFT JOIN room_summaries s ON s.room = m.room
    LEFT JOIN memberships mine ON mine.room = m.room AND mine.user_key = ${user}
    WHERE m.user_key = b.user_key AND m.membership = 'join'
      AND (s.open OR mine.membership = 'join'))`
