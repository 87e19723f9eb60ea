import { Client } from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/harness/database.ts'
import { TXN_IDS } from '../reads-timeline.ts'
import { PLANNER_SETTINGS } from './connections.ts'
import { PAGE_BACK, PAGE_FORWARD, ROOM_TAIL } from './statements.ts'

/** One large room among small ones: where a planner likes to read it whole and sort it. */
const FILL = `INSERT INTO events
    (pos, room, event_id, type, sender, depth, ts, prev, auth, c_at, c_end, pdu)
  SELECT n, CASE WHEN n % 20 = 0 THEN n ELSE 1 END, '$' || n, 1, 1, n, n, '{}', '{}', 0, 0,
    repeat('x', 400)
  FROM generate_series(1, 4000) AS n;
  INSERT INTO txns (device, key, id, pos, created_ts)
  SELECT n % 2, n, n, n, n FROM generate_series(1, 4000) AS n`

const ARGUMENTS = new Map([
  [PAGE_BACK, "1, 3000, 3000, 0, '-9223372036854775808', 100"],
  [PAGE_FORWARD, '1, 10, 10, 9000, 9000, 100'],
  [ROOM_TAIL, '1, 0, 3000, 11'],
  [TXN_IDS, "1, '{5,6,7}'"],
])

test('a page of a long room costs a page, whatever Postgres knows of the table', async () => {
  await using database = await testDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  const plans: string[] = []
  const explain = async () => {
    for (const [{ name, text }, values] of ARGUMENTS) {
      await client.query(`DEALLOCATE ALL; PREPARE ${name} AS ${text}`)
      const { rows } = await client.query<{ line: string }>(`EXPLAIN EXECUTE ${name}(${values})`)
      plans.push(rows.map((row) => Object.values(row).join('')).join('\n'))
    }
  }
  try {
    await client.query(PLANNER_SETTINGS)
    await explain()
    await client.query(FILL)
    await explain()
    await client.query('ANALYZE events; ANALYZE txns')
    await explain()
  } finally {
    await client.end()
  }
  expect(plans).toHaveLength(12)
  for (const plan of plans) {
    expect(plan).not.toMatch(/(Bitmap Heap|Seq) Scan on events/)
    expect(plan).not.toMatch(/txns_pkey|Scan on txns/)
    expect(plan).not.toMatch(/-> +Sort .*\n +Sort Key: (e\.)?(depth|pos)/)
  }
})
