import { describe, expect, test } from 'vitest'
import type { Kind, Observation } from './observations.ts'
import { missingSpecification, readOperations } from './specification.ts'
import { verdict } from './verdict.ts'

const missing = missingSpecification()
const IDS = ['getTokenOwner', 'getLoginFlows', 'getWellknown']
const built = readOperations().filter(({ id }) => IDS.includes(id))

const seen = (operation: string, kind: Kind): Observation => ({
  operation,
  kind,
  status: kind === 'denial' ? 403 : 200,
  test: 'a test',
  ...(kind === 'invalid' && { fault: 'the body must be JSON' }),
})

function lacks(...observations: Observation[]): string[] {
  return verdict(built, observations).unproven.map(
    (one) => `${one.operation.id}: ${one.lacks.join(', ')}`,
  )
}

describe.skipIf(missing !== undefined)(
  `the verdict on a run${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('nothing seen, nothing proven', () => {
      expect(lacks()).toEqual([
        'getWellknown: success, denial',
        'getTokenOwner: success, denial',
        'getLoginFlows: success',
      ])
      expect(lacks(seen('getTokenOwner', 'other'))).toContain('getTokenOwner: success, denial')
    })

    test('a success and a denial prove an operation; what is open to all needs no denial', () => {
      const run = [
        seen('getTokenOwner', 'success'),
        seen('getTokenOwner', 'denial'),
        seen('getLoginFlows', 'success'),
      ]
      expect(lacks(...run)).toEqual(['getWellknown: success, denial'])
      expect(verdict(built, run).proven.map(({ id }) => id)).toEqual([
        'getTokenOwner',
        'getLoginFlows',
      ])
    })

    test('an invalid answer undoes the proof and is named', () => {
      const run = [seen('getLoginFlows', 'success'), seen('getLoginFlows', 'invalid')]
      expect(lacks(...run)).toContain('getLoginFlows: validity')
      expect(verdict(built, run).faults).toEqual([
        'getLoginFlows: 200: the body must be JSON ("a test")',
      ])
    })
  },
)
