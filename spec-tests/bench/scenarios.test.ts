import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseOptions, SCENARIOS, type ScenarioName } from './options.ts'
import { testFolder } from '../target/test-folder.ts'
import { scenarios } from './scenarios/all.ts'
import { startHearth, type Subject } from './subject.ts'

const TINY =
  '--seconds 0.1 --warm-up 0.1 --at-least 20 --clients 3 --rooms 4 --samples 2 --receivers 3 --members 4 --texts 2 ' +
  '--events 30,60 --polls 5 --starts 1 --settle 0 --workers 2 --minutes 0.02 --rate 50'

// that they run is tested here; what they measure needs a disk
process.env['TMPDIR'] = testFolder()

const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'))
let subject: Subject

beforeAll(async () => {
  subject = await startHearth()
})
afterAll(async () => {
  await subject[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** The parts of a scenario with the load above, and what only it tells. */
const PARTS: Readonly<Record<ScenarioName, readonly string[]>> = {
  send: [''],
  'send-many': [''],
  fanout: [''],
  'initial-sync': ['4 rooms'],
  'idle-sync': ['4 rooms'],
  'create-join': ['createRoom', 'join'],
  messages: ['30 events', 'from depth 0'],
  directory: ['public rooms', 'public rooms by word', 'users by name', 'users by beginning'],
  search: [
    'common words',
    'common words by rank',
    'rare word',
    'beginning of words',
    'no such word',
  ],
  push: ['alone', '4 members'],
  stall: ['alone', 'beside first syncs'],
  footprint: ['idle', '30 events', '60 events', '5 long polls', 'cold start'],
  'sql-per-send': ['send', 'idle-sync'],
  scale: ['2 workers'],
  soak: [...Array.from({ length: 10 }, (_, n) => `${n + 1}0 % of 0.02 minutes`), 'deliveries'],
}

/** Some start servers of their own. */
const TIMEOUT_MS = 180_000

test.each(SCENARIOS)(
  '%s runs without a fault on a real server',
  { timeout: TIMEOUT_MS },
  async (name) => {
    const { load } = parseOptions([name, ...TINY.split(' ')])
    const results = await scenarios[name](subject, load)
    expect(results.map(({ what }) => what)).toEqual(PARTS[name])
    for (const result of results) {
      expect(result).toMatchObject({ errors: 0, lost: 0, duplicates: 0 })
      // so short a tenth of a soak may see no message
      if (name !== 'soak' || result.what === 'deliveries') expect(result.n).toBeGreaterThan(0)
    }
    const figures = Object.assign({}, ...results.map((result) => result.figures))
    expect(figures).toEqual(FIGURES[name] ?? {})
  },
)

const FIGURES: Partial<Record<ScenarioName, unknown>> = {
  messages: { misplaced: 0 },
  push: { added_ms: expect.any(Number), added_cpu_us: expect.any(Number) },
  stall: { longest_ms: expect.any(Number) },
  footprint: {
    db_bytes_per_event: expect.any(Number),
    db_bytes_per_event_vacuumed: expect.any(Number),
  },
  // the Postgres that comes with Hearth does not count statements
  'sql-per-send': { transactions_per_op: expect.any(Number), statements_per_op: null },
  scale: { rate_ratio: expect.any(Number) },
  soak: { extremities: expect.any(Number) },
}

/** `npm run bench` with arguments, on the server of this file as if it were a stranger's. */
async function bench(...args: readonly string[]) {
  const { server, postgres } = subject.watched()
  const given = ['--url', subject.url, '--pids', server.join(','), '--pg-pid', String(postgres)]
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main, ...args, ...given, ...TINY.split(' ')])
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise((done) => child.once('close', done))
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  return { code, output, errors, lines: lines.map((line): unknown => JSON.parse(line)) }
}

test('each run is a JSON line, and the table of medians follows, also in a file', async () => {
  const markdown = join(folder, 'table.md')
  const run = await bench('send', '--repeat', '2', '--markdown', markdown)
  expect(run).toMatchObject({ code: 0, errors: '' })
  const common = { scenario: 'send', clients: 3, errors: 0, lost: 0, duplicates: 0, pg: null }
  expect(run.lines).toMatchObject([
    { ...common, turn: 1, durable: null, hs_cpu_us: expect.any(Number) },
    { ...common, turn: 2, node: process.versions.node, steal_pct: expect.any(Number) },
  ])
  const table = readFileSync(markdown, 'utf8')
  expect(run.output.endsWith(`\n${table}`)).toBe(true)
  expect(table.split('\n')).toHaveLength(4)
})

test('accounts of a file are used where it is said; too few of them end the run', async () => {
  const users = join(folder, 'users.txt')
  const known = await Promise.all(['a', 'b', 'c'].map((label) => subject.user(label)))
  writeFileSync(users, known.map(({ userId, token }) => `${userId} ${token}\n`).join(''))
  expect(await bench('send', '--users', users, '--json')).toMatchObject({ code: 0, errors: '' })
  const twice = await bench('send', 'send', '--users', users)
  expect(twice).toMatchObject({ code: 1, errors: expect.stringContaining('has 3 users') })
})

test('a check without a baseline fails, and so does one of another machine', async () => {
  const file = join(folder, 'baseline.json')
  const check = ['send', '--check', '--repeat', '1', '--json', '--baseline', file]
  const without = await bench(...check)
  expect(without).toMatchObject({ code: 1, errors: expect.stringContaining('There is no') })
  writeFileSync(file, '{"machine":"a wristwatch","cpu_us":{}}')
  const other = await bench(...check)
  expect(other).toMatchObject({ code: 1, errors: expect.stringContaining('a wristwatch') })
})
