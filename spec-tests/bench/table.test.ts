import { expect, test } from 'vitest'
import { NOTHING } from './measurement.ts'
import { table } from './table.ts'

test('a table has a cell for each figure and a dash for what is unknown', () => {
  const line = {
    ...NOTHING,
    scenario: 'footprint',
    server: 'hearth 1',
    what: '10 events',
    n: 10,
    p50: 1.5,
    figures: { db_bytes_per_event: 1200, statements_per_op: null },
  }
  const [head = '', rule = '', row = '', end] = table([line]).split('\n')
  const cells = (text: string) => text.split('|').map((cell) => cell.trim())
  expect(cells(row).slice(1, -1)).toEqual(
    '/footprint/10 events/hearth 1/0/10/–/1.5/–/–/–/–/–/0/0/0/db_bytes_per_event 1200, statements_per_op null'
      .split('/')
      .slice(1),
  )
  expect(cells(head)).toHaveLength(cells(row).length)
  expect(cells(rule)).toHaveLength(cells(row).length)
  expect(end).toBe('')
})
