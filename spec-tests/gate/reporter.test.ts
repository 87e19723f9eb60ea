import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAt, stringAt } from '../target/json.ts'

const here = dirname(fileURLToPath(import.meta.url))
const modules = resolve(here, '../../node_modules')
const IMPORT = "import { beforeAll, describe, expect, test } from 'vitest'\n"

/** Test files that fail in every way there is. */
const PLANTED = {
  'wrong.test.mjs': `${IMPORT}
test('is right', () => expect(1).toBe(1))
test.skip('is left out', () => undefined)
describe('sums', () => test('come out', () => expect({ sum: 2 }).toEqual({ sum: 3 })))`,
  'hook.test.mjs': `${IMPORT}
describe('a group', () => {
  beforeAll(() => { throw new Error('nothing to set up') })
  test('is never reached', () => undefined)
})`,
  'unreadable.test.mjs': `import './nowhere.mjs'`,
  'uncaught.test.mjs': `${IMPORT}
test('leaves a promise alone', () => void Promise.reject(new Error('nobody waited', { cause: new Error('gone') })))`,
}

let folder = ''
let report: unknown

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-reporter-'))
  symlinkSync(modules, join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(PLANTED)) writeFileSync(join(folder, name), text)
  const file = join(folder, 'report.json')
  const reporter = `--reporter=${join(here, 'reporter.mjs')}`
  const args = [join(modules, 'vitest/vitest.mjs'), 'run', '--root', folder, reporter]
  spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, HEARTH_GATE_REPORT: file },
  })
  report = JSON.parse(readFileSync(file, 'utf8'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is told of a place. */
function textAt(where: string): string {
  const failures = listAt(report, 'failures')
  const found = failures.filter((failure) => stringAt(failure, 'where') === where)
  expect(found, JSON.stringify(failures)).toHaveLength(1)
  return stringAt(found[0], 'text')
}

test('tests are counted', () => {
  expect(report).toMatchObject({ passed: 2, failed: 1 })
})

test('a failed test is named by file and full title, with the difference and the place', () => {
  const text = textAt('wrong.test.mjs > sums > come out')
  expect(text).toMatch(/-\s+"sum": 3/)
  expect(text).toMatch(/\+\s+"sum": 2/)
  expect(text).toContain('wrong.test.mjs:5:')
})

test('what broke outside of tests is named too', () => {
  expect(textAt('hook.test.mjs > a group, outside its tests')).toContain('nothing to set up')
  expect(textAt('unreadable.test.mjs, outside its tests')).toContain('nowhere.mjs')
  expect(textAt('an error that nobody caught')).toMatch(/nobody waited\ncause: gone/)
})
