import { expect, test } from 'vitest'
import { forbidden, type MatrixError, unavailable } from '#matrix/errors.ts'
import { Outages } from './outages.ts'

function outage(code: string): MatrixError {
  const error = unavailable('away')
  error.cause = Object.assign(new Error(`reason ${code}`), { code })
  return error
}

test('an outage is told at once and then every ten seconds, each reason for itself', () => {
  const lines: unknown[] = []
  let now = 0
  const outages = new Outages({
    logger: { error: (line: unknown) => void lines.push(line) },
    clock: { monotonic: () => now },
  })
  for (let n = 0; n < 100; n++) outages.note(outage('53100'))
  outages.note(outage('08006'))
  expect(lines).toEqual([
    { reason: 'reason 53100', refused: 1 },
    { reason: 'reason 08006', refused: 1 },
  ])
  now = 10_000
  outages.note(outage('53100'))
  expect(lines.at(-1)).toEqual({ reason: 'reason 53100', refused: 100 })
})

test('what a client did wrong is not told', () => {
  const lines: unknown[] = []
  const outages = new Outages({
    logger: { error: (line: unknown) => void lines.push(line) },
    clock: { monotonic: () => 0 },
  })
  for (const error of [forbidden(), unavailable('stopping'), new Error('a fault')]) {
    outages.note(error)
  }
  expect(lines).toEqual([])
})
