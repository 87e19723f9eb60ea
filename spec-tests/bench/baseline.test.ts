import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compareWithBaseline, readBaseline, renewed, writeBaseline } from './baseline.ts'
import { NOTHING, type Measurement } from './measurement.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-baseline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = (server: number | null, postgres: number | null, clients = 32): Measurement => ({
  ...NOTHING,
  scenario: 'send',
  server: 'hearth',
  clients,
  n: 2000,
  hs_cpu_us: server,
  pg_cpu_us: postgres,
})

const baseline = { machine: 'box', cpu_us: { 'send · 32': 400 } }
const here = { machine: 'box', force: false }

test('the sum of both CPU times may grow by 15 percent and no more', () => {
  expect(compareWithBaseline(baseline, [line(360, 100)], here).failed).toBe(false)
  const grown = compareWithBaseline(baseline, [line(301, 160)], here)
  expect(grown.failed).toBe(true)
  expect(grown.report.join()).toContain('461 µs, baseline 400 µs (+15.3 %), which is too much')
})

test('one grown figure among good ones fails', () => {
  const two = { machine: 'box', cpu_us: { 'send · 1': 400, 'send · 32': 400 } }
  expect(compareWithBaseline(two, [line(900, 100, 1), line(300, 50)], here).failed).toBe(true)
})

test('a figure that is new is told; nothing but new ones fails', () => {
  const both = compareWithBaseline(baseline, [line(300, 80), line(300, 80, 8)], here)
  expect(both.failed).toBe(false)
  expect(both.report.join()).toContain('send · 8: 380 µs; the baseline does not have it')
  expect(compareWithBaseline(baseline, [line(300, 80, 8)], here).failed).toBe(true)
})

test('no CPU time, or less of it than ticks can tell, is nothing to compare', () => {
  for (const unknown of [line(null, 80), line(300, null), { ...line(300, 80), n: 100 }]) {
    expect(compareWithBaseline(baseline, [unknown], here).failed).toBe(true)
  }
})

test('figures of another machine are refused unless forced', () => {
  const there = { machine: 'laptop', force: false }
  expect(() => compareWithBaseline(baseline, [line(300, 80)], there)).toThrow('laptop')
  const forced = compareWithBaseline(baseline, [line(300, 80)], { ...there, force: true })
  expect(forced.failed).toBe(false)
})

test('a new baseline keeps what the run did not measure, but nothing of another machine', () => {
  const added = renewed(baseline, [line(100, 50, 8)], 'box')
  expect(added.cpu_us).toEqual({ 'send · 32': 400, 'send · 8': 150 })
  expect(renewed(baseline, [line(100, 50, 8)], 'laptop')).toEqual({
    machine: 'laptop',
    cpu_us: { 'send · 8': 150 },
  })
  const file = join(folder, 'baseline.json')
  expect(readBaseline(file)).toBeUndefined()
  writeBaseline(file, added)
  expect(readBaseline(file)).toEqual(added)
})

test.each(['[]', '{"machine":"box"}', '{"machine":"box","cpu_us":{"send":"1"}}'])(
  '%s is no baseline',
  (text) => {
    const file = join(folder, 'wrong.json')
    writeFileSync(file, text)
    expect(() => readBaseline(file)).toThrow('is no baseline')
  },
)
