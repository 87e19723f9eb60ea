import { expect, test } from 'vitest'
import { changes, parseResults, reduceTests } from './results.ts'

const OUTPUT = `{"Action":"run","Package":"csapi","Test":"TestB"}
{"Action":"output","Test":"TestB","Output":"=== RUN TestB"}
not JSON
{"Action":"pass","Test":"TestB/one","Elapsed":0.25}
{"Action":"fail","Test":"TestB","Elapsed":1.5}
{"Action":"skip","Test":"TestA","Elapsed":0}
{"Action":"fail","Package":"csapi","Elapsed":2}
`

test('the last word on each test is kept, sorted by name', () => {
  expect(reduceTests(OUTPUT)).toEqual([
    { test: 'TestA', result: 'skip', seconds: 0 },
    { test: 'TestB', result: 'fail', seconds: 1.5 },
    { test: 'TestB/one', result: 'pass', seconds: 0.25 },
  ])
})

test('a test that newly passes is told like one that newly fails', () => {
  const before = reduceTests(OUTPUT)
  const after = reduceTests(OUTPUT.replace('"fail","Test":"TestB"', '"pass","Test":"TestB"'))
  expect(changes(before, after)).toEqual(['TestB: fail -> pass'])
  expect(changes([], after.slice(0, 1))).toEqual(['TestA: new -> skip'])
  expect(changes(before, before)).toEqual([])
})

test('a test that is no longer there is told, too', () => {
  const before = reduceTests(OUTPUT)
  expect(changes(before, before.slice(1))).toEqual(['TestA: skip -> gone'])
})

const RECORD = { suite: 'x/y', commit: 'abc', packages: { csapi: reduceTests(OUTPUT) } }

test('what was recorded is read as it was written', () => {
  expect(parseResults(JSON.stringify(RECORD))).toEqual(RECORD)
})

test.each([
  ['no object', []],
  ['no package', { ...RECORD, packages: null }],
  ['no commit', { ...RECORD, commit: 1 }],
  ['another result', { ...RECORD, packages: { csapi: [{ test: 'a', result: 'ok', seconds: 1 }] } }],
  ['no name', { ...RECORD, packages: { csapi: [{ result: 'pass', seconds: 1 }] } }],
  ['no time', { ...RECORD, packages: { csapi: [{ test: 'a', result: 'pass', seconds: '1' }] } }],
])('a record with %s is refused', (_what, record) => {
  expect(() => parseResults(JSON.stringify(record))).toThrow(TypeError)
})
