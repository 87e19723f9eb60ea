// A reporter of vitest: counts, and everything that failed, for whoever reads the end of a long log.
import { writeFileSync } from 'node:fs'

/** Names the file that takes them. */
export const REPORT_VARIABLE = 'HEARTH_GATE_REPORT'

/** Of a failure's text. */
const LINES = 15
const FOREIGN = /node_modules|node:internal|<anonymous>/
const COLORS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** What is wrong, the difference, and which lines of ours led to it. */
function textOf({ message = '', diff, stack = '', cause }) {
  const calls = stack.split('\n').filter((line) => /^\s+at /.test(line) && !FOREIGN.test(line))
  const told = [message, cause === undefined ? '' : `cause: ${cause.message ?? cause}`, diff ?? '']
  const lines = told.flatMap((part) => part.split('\n')).filter((line) => line !== '')
  // what the message ends with, such as a counterexample, matters less than where it was
  const shown = [...lines.slice(0, LINES - 3), ...calls.slice(0, 3)]
  return shown.join('\n').replaceAll(COLORS, '')
}

/** Failures outside of tests: a file that can't be read, a hook, an error that nobody caught. */
function* brokenAround(testModule) {
  const file = testModule.relativeModuleId
  for (const error of testModule.errors()) {
    yield { where: `${file}, outside its tests`, text: textOf(error) }
  }
  for (const suite of testModule.children.allSuites()) {
    for (const error of suite.errors()) {
      yield { where: `${file} > ${suite.fullName}, outside its tests`, text: textOf(error) }
    }
  }
}

/** @returns how many tests passed, failed and were skipped, and what failed */
function summary(testModules, unhandledErrors) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  for (const testModule of testModules) {
    failures.push(...brokenAround(testModule))
    for (const test of testModule.children.allTests()) {
      const { state, errors = [] } = test.result()
      // one that was not reached has not passed
      counts[state === 'pending' ? 'skipped' : state] += 1
      if (state !== 'failed') continue
      const text = errors.map(textOf).join('\n')
      failures.push({ where: `${testModule.relativeModuleId} > ${test.fullName}`, text })
    }
  }
  for (const error of unhandledErrors) {
    failures.push({ where: 'an error that nobody caught', text: textOf(error) })
  }
  return { ...counts, failures }
}

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default class GateReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const path = process.env[REPORT_VARIABLE]
    if (path === undefined) return
    writeFileSync(path, JSON.stringify(summary(testModules, unhandledErrors)))
  }
}
