// `npm test`: installs what is missing, then the checks and every fast suite; one closing line over all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildClient } from '../../homeserver/bin/build-client.mjs'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'
import { runChecks } from './check.mjs'
import { chromium } from './chromium.mjs'
import { separatePostgres } from './postgres.mjs'

/** Every fast suite: a title, its workspace, and the vitest projects of that workspace. */
const SUITES = [
  ['homeserver', 'homeserver', []],
  ['client', 'client', []],
  ['gate', 'spec-tests', ['--project', 'gate']],
  ['client-server', 'spec-tests', ['--project', 'client-server']],
  ['interop', 'spec-tests', ['--project', 'interop']],
  ['faults', 'spec-tests', ['--project', 'faults']],
  ['browser', 'spec-tests', ['--project', 'browser']],
]

/** What of the homeserver's tests touches a database, for a run against a Postgres that is not ours. */
const ON_POSTGRES = [
  'homeserver on Postgres 15',
  'homeserver',
  [
    '--project=integration',
    'src/',
    'test/admin/',
    'test/client-authentication/',
    'test/generated/schema',
    'test/migrations/',
    'test/rooms/',
    'test/send-to-device/',
    'test/sync/',
    'test/user-data/',
  ],
]

/** Which operations the suites have proven; a run of some suites only tells, a whole one decides. */
function runContract(node, env, complete) {
  console.log('')
  const { status } = run(node, 'homeserver', ['test/contract/proven.ts', ...complete], env)
  return {
    passed: status === 0 ? 1 : 0,
    failed: [0, 3].includes(status) ? 0 : 1,
    skipped: status === 3 ? 1 : 0,
  }
}

/** The same tests on Debian's Postgres: another version, collation and a role without privileges. */
function runOnPostgres(node, env, reports) {
  const postgres = separatePostgres()
  if (postgres !== undefined) {
    return runSuite(node, ON_POSTGRES, { ...env, HEARTH_TEST_POSTGRES: postgres }, reports)
  }
  console.log('\nNo Postgres 15: the suite "homeserver on Postgres 15" is skipped by name.')
  return { passed: 0, failed: ci ? 1 : 0, skipped: ci ? 0 : 1 }
}

function run(node, cwd, args, env) {
  return spawnSync(node, args, { cwd: join(root, cwd), stdio: 'inherit', env })
}

function buildWebClient() {
  try {
    buildClient()
    return { passed: 1, failed: 0, skipped: 0 }
  } catch (error) {
    console.log(error.message)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function runSuite(node, [title, workspace, args], env, reports) {
  console.log(`\n# ${title}`)
  const report = join(reports, `${title}.json`)
  const status = run(
    node,
    workspace,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    env,
  ).status
  const counts = readCounts(report)
  // a suite that broke outside its tests (a hook, an import) has failed even where no test says so
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function readCounts(report) {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

installPackages()
const node = findNode()
const ci = process.env.CI === 'true'
const browser = chromium()
if (browser === undefined) console.log('No Chromium: the browser suite is skipped by name.')
const reports = mkdtempSync(join(tmpdir(), 'hearth-reports-'))
const observations = join(reports, 'observations')
mkdirSync(observations)
const env = {
  ...process.env,
  HEARTH_OBSERVATIONS: observations,
  ...(browser !== undefined && { HEARTH_CHROMIUM: browser }),
}
const only = process.argv.slice(2)
const wanted = (title) => only.length === 0 || only.includes(title)

const results = []
if (wanted('check')) results.push(['check', runChecks()])
if (only.length === 0 || wanted('browser')) results.push(['client build', buildWebClient()])
for (const suite of SUITES) {
  if (wanted(suite[0])) results.push([suite[0], runSuite(node, suite, env, reports)])
}
if (wanted(ON_POSTGRES[0])) results.push([ON_POSTGRES[0], runOnPostgres(node, env, reports)])
if (only.length === 0) results.push(['contract', runContract(node, env, ['--complete'])])
else if (readdirSync(observations).length > 0)
  results.push(['contract', runContract(node, env, [])])
rmSync(reports, { recursive: true, force: true })

const total = { passed: 0, failed: 0, skipped: 0 }
console.log('')
for (const [title, counts] of results) {
  console.log(
    `${title}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  )
  for (const key of Object.keys(total)) total[key] += counts[key]
}
if (ci && total.skipped > 0) console.log('With CI=true nothing may be skipped.')
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 || (ci && total.skipped > 0) ? 1 : 0
