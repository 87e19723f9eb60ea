import { Client } from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { PLANNER_SETTINGS } from './read/connections.ts'
import { RELATION_STATEMENTS as statements } from './reads-relations.ts'
import { BY_TIME } from './reads-timeline.ts'

/** Much in one room, a part of it in threads. */
const FILL = `INSERT INTO events
    (pos, room, event_id, type, sender, depth, ts, prev, auth, c_at, c_end, pdu, relates_to, rel_type)
  SELECT n, CASE WHEN n % 20 = 0 THEN n ELSE 1 END, '$' || n, 1, n % 50, n, n, '{}', '{}', 0, 0,
    repeat('x', 400), CASE WHEN n % 3 = 0 THEN '$' || n % 100 END,
    CASE WHEN n % 3 = 0 THEN 'm.thread' END
  FROM generate_series(1, 4000) AS n`

const ARGUMENTS = [
  [statements.sums, "'{1,2,3}', 1, '{}'", /events_relations/],
  [statements.newest, "'{1,2,3}', 100, '{}'", /events_relations/],
  [statements.related, "1, '$1', NULL, NULL, '{}', 9000, 9000, 20", /events_relations/],
  [statements.tree, "1, '$1', NULL, NULL, '{}', 0, 0, 20", /events_relations/],
  [
    statements.threads,
    "1, NULL, '{}', 9000, 9000, 20, 9000",
    /events_threads on events c[^]*events_relations on events n/,
  ],
  [statements.annotations, "1, '$1', 1, 'm.reaction'", /events_(annotations|relations)/],
  [BY_TIME.f, '1, 10, 10, 20', /events_room_ts/],
  [BY_TIME.b, '1, 10, 10, 20', /events_room_ts/],
] as const

test('what relates to an event is found by it, whatever Postgres knows of the table', async () => {
  await using database = await testDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query(PLANNER_SETTINGS)
    for (const step of ['SELECT', FILL, 'ANALYZE events']) {
      await client.query(step)
      for (const [{ name, text }, values, index] of ARGUMENTS) {
        await client.query(`DEALLOCATE ALL; PREPARE ${name} AS ${text}`)
        const { rows } = await client.query<object>(`EXPLAIN EXECUTE ${name}(${values})`)
        const plan = rows.map((row) => Object.values(row).join('')).join('\n')
        expect(plan).toMatch(index)
        expect(plan).not.toMatch(/Seq Scan on events|events_threads on events [nop]/)
        if (name !== 'threads') expect(plan).not.toMatch(/events_threads/)
      }
    }
  } finally {
    await client.end()
  }
})
