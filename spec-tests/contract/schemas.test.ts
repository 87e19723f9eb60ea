import { describe, expect, test } from 'vitest'
import { responseExamples } from './examples.ts'
import { faultIn } from './fault-in.ts'
import { missingSpecification, readOperations } from './specification.ts'

const missing = missingSpecification()

/** Slips of the specification: examples that leave out what their own schema requires. */
const INCOMPLETE = ['getOneEvent', 'getOneRoomEvent', 'getProtocols']

const examples = readOperations().flatMap((operation) =>
  responseExamples(operation).map((example) => ({ operation, ...example })),
)

describe.skipIf(missing !== undefined)(
  `the specification's answers${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('are valid by their own schemas, all but the known slips', () => {
      const faults = examples.flatMap(({ operation, status, value }) => {
        const fault = faultIn(operation, status, value)
        return fault === undefined ? [] : [operation.id]
      })
      expect(faults).toEqual(expect.arrayContaining(INCOMPLETE))
      expect(new Set(faults)).toEqual(new Set(INCOMPLETE))
    })

    test('are many', () => {
      expect(examples.length).toBeGreaterThan(200)
    })

    test('that lack a required property or have one of the wrong type are not valid', () => {
      const whoami = readOperations().find(({ id }) => id === 'getTokenOwner')
      if (whoami === undefined) throw new Error('The specification has no getTokenOwner')
      expect(faultIn(whoami, 200, { user_id: '@a:x', is_guest: false })).toBeUndefined()
      expect(faultIn(whoami, 200, {})).toBe("the body must have required property 'user_id'")
      expect(faultIn(whoami, 200, { user_id: '@a:x', is_guest: 1 })).toBe(
        '/is_guest must be boolean',
      )
      expect(faultIn(whoami, 200, { user_id: 'a:x' })).toBe('/user_id must match pattern "^@"')
      expect(faultIn(whoami, 200, undefined)).toBe('the body must be JSON')
      expect(faultIn(whoami, 201, { user_id: '@a:x' })).toBe('the status 201 is not documented')
      expect(faultIn(whoami, 404, { error: 'no code' })).toBe(
        "the body must have required property 'errcode'",
      )
    })
  },
)
