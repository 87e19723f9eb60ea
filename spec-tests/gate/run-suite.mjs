import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../homeserver/bin/runtime.mjs'
import { REPORT_VARIABLE } from './reporter.mjs'

/** Tests that take longer get a line of their own, in milliseconds. */
const SLOW_MS = 10_000

/**
 * Runs the tests of a suite.
 * @param options.aside its output comes in one piece when it is over, since another suite's is seen
 * @returns how many tests passed, failed and were skipped, what failed, and the seconds it took
 */
export async function runSuite({ title, workspace, args }, { node, env, reports, aside = false }) {
  const heading = `\n# ${title}`
  if (!aside) console.log(heading)
  const report = join(reports, `${title}.json`)
  const started = performance.now()
  const { status, output } = await vitest(
    node,
    [...args, '--reporter=default', `--slowTestThreshold=${SLOW_MS}`],
    { cwd: join(root, workspace), env: { ...env, [REPORT_VARIABLE]: report } },
    aside,
  )
  if (aside) console.log(`${heading}\n${output}`)
  const result = readReport(report)
  // what broke outside the tests, such as a hook, has failed even where no test says so
  if (result.failed === 0) result.failed = result.failures.length
  if (status !== 0 && result.failed === 0) {
    const text = `vitest ended with ${status}; what it wrote stands above, below "# ${title}".`
    result.failures.push({ where: 'outside its tests', text })
    result.failed = 1
  }
  return { ...result, title, seconds: (performance.now() - started) / 1000 }
}

function vitest(node, args, options, aside) {
  const child = spawn(
    node,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...args,
      `--reporter=${join(root, 'spec-tests/gate/reporter.mjs')}`,
    ],
    { ...options, stdio: ['inherit', ...(aside ? ['pipe', 'pipe'] : ['inherit', 'inherit'])] },
  )
  const chunks = []
  child.stdout?.on('data', (chunk) => chunks.push(chunk))
  child.stderr?.on('data', (chunk) => chunks.push(chunk))
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) =>
      done({ status: status ?? signal, output: Buffer.concat(chunks).toString() }),
    )
  })
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    const text = 'vitest has left no report; what it wrote stands above.'
    return { passed: 0, failed: 1, skipped: 0, failures: [{ where: 'no tests', text }] }
  }
}
