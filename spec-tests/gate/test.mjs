// `npm test`: installs what is missing, then the checks and every fast suite; one closing line over all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildClient } from '../../homeserver/bin/build-client.mjs'
import { installPackages } from '../../homeserver/bin/install-packages.mjs'
import { findNode, root } from '../../homeserver/bin/runtime.mjs'
import { runChecks } from './check.mjs'
import { chromium } from './chromium.mjs'
import { closingLines } from './closing.mjs'
import { matrixNio } from './nio.mjs'
import { separatePostgres } from './postgres.mjs'
import { runSuite } from './run-suite.mjs'
import { ON_POSTGRES, STEPS, SUITES } from './suites.mjs'

const ci = process.env.CI === 'true'
const only = process.argv.slice(2)
const wanted = (title) => only.length === 0 || only.includes(title)

/** A part that is no suite of tests: it passes, fails or is skipped as one. */
const single = (state) => ({ passed: 0, failed: 0, skipped: 0, [state]: 1 })

async function timed(title, part) {
  const started = performance.now()
  const result = await part()
  return { title, seconds: (performance.now() - started) / 1000, ...result }
}

function buildWebClient() {
  try {
    buildClient()
    return single('passed')
  } catch (error) {
    return { ...single('failed'), failures: [{ where: 'build', text: error.message }] }
  }
}

/** Which operations the suites have proven; a run of some suites only tells, a whole one decides. */
function runContract(node, env, complete) {
  const { status } = spawnSync(node, ['test/contract/proven.ts', ...complete], {
    cwd: join(root, 'homeserver'),
    stdio: 'inherit',
    env,
  })
  if (status === 3) return single('skipped')
  if (status === 0) return single('passed')
  const text = 'see the lines "unproven" above'
  return { ...single('failed'), failures: [{ where: 'operations', text }] }
}

/** The same tests on Debian's Postgres: another version, collation and a role without privileges. */
async function runOnPostgres(suite, options) {
  const postgres = separatePostgres()
  if (postgres !== undefined) {
    return runSuite(suite, { ...options, env: { ...options.env, HEARTH_TEST_POSTGRES: postgres } })
  }
  const text = `No Postgres 15: the suite "${ON_POSTGRES}" is skipped by name.`
  console.log(`\n${text}`)
  const failures = ci ? [{ where: 'set-up', text }] : []
  return { title: suite.title, ...single(ci ? 'failed' : 'skipped'), failures }
}

async function runSuites(options) {
  const results = []
  for (const lanes of STEPS) {
    const titles = lanes.map((lane) => lane.filter(wanted)).filter((lane) => lane.length > 0)
    const runLane = async (lane, aside) => {
      for (const title of lane) {
        const suite = SUITES.find((one) => one.title === title)
        const start = title === ON_POSTGRES ? runOnPostgres : runSuite
        results.push(await start(suite, { ...options, aside }))
      }
    }
    await Promise.all(titles.map((lane, index) => runLane(lane, index > 0)))
  }
  const place = ({ title }) => SUITES.findIndex((suite) => suite.title === title)
  return results.toSorted((a, b) => place(a) - place(b))
}

installPackages()
const node = findNode()
const browser = chromium()
if (browser === undefined) console.log('No Chromium: the browser suite is skipped by name.')
const nio = wanted('interop') ? matrixNio() : undefined
if (wanted('interop') && nio === undefined) {
  console.log('No matrix-nio: the tests with it are skipped by name.')
}
const reports = mkdtempSync(join(tmpdir(), 'hearth-reports-'))
const observations = join(reports, 'observations')
mkdirSync(observations)
const env = {
  ...process.env,
  HEARTH_OBSERVATIONS: observations,
  ...(browser !== undefined && { HEARTH_CHROMIUM: browser }),
  ...(nio !== undefined && { HEARTH_NIO: nio }),
}

const results = []
if (wanted('check')) results.push(await timed('check', runChecks))
if (only.length === 0 || wanted('browser')) {
  results.push(await timed('client build', buildWebClient))
}
results.push(...(await runSuites({ node, env, reports })))
if (only.length === 0 || readdirSync(observations).length > 0) {
  console.log('')
  const complete = only.length === 0 ? ['--complete'] : []
  results.push({ title: 'contract', ...runContract(node, env, complete) })
}
rmSync(reports, { recursive: true, force: true })

const { lines, total } = closingLines(results)
console.log('')
if (ci && total.skipped > 0) lines.splice(-1, 0, 'With CI=true nothing may be skipped.')
console.log(lines.join('\n'))
process.exitCode = total.failed > 0 || (ci && total.skipped > 0) ? 1 : 0
