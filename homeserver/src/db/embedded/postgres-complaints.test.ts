import { expect, test } from 'vitest'
import { PostgresComplaints } from './postgres-complaints.ts'

test('a full disk is told in one line a minute', () => {
  const told: string[] = []
  let now = 0
  const complaints = new PostgresComplaints(
    { error: (_line: unknown, message?: string) => void told.push(message ?? '') },
    { monotonic: () => now },
  )
  complaints.note('LOG:  checkpoint complete')
  for (let n = 0; n < 50; n++) {
    complaints.note(
      `FATAL:  could not write to file "pg_wal/xlogtemp.${n}": No space left on device`,
    )
  }
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('the disk is full')
  now = 60_000
  complaints.note('PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device')
  expect(told).toHaveLength(2)
})
