import { describe, expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import { z } from '#http/endpoint.ts'
import { parameterExamples, requestExamples } from '../../../spec-tests/contract/examples.ts'
import {
  missingSpecification,
  readOperations,
  routeKey,
} from '../../../spec-tests/contract/specification.ts'
import { isBuilt } from './built.ts'

const missing = missingSpecification()
const endpoints = new Map(routes.map((route) => [routeKey(route.method, route.path), route]))

/** Slips of the specification: event ids of no room version, without a server name and too short for a hash. */
const SLIPS: Readonly<Record<string, readonly string[]>> = {
  getRelatingEvents: ['eventId'],
  getRelatingEventsWithRelType: ['eventId'],
  getRelatingEventsWithRelTypeAndEventType: ['eventId'],
}

const built = readOperations()
  .filter(isBuilt)
  .map((operation) => {
    const endpoint = endpoints.get(routeKey(operation.method, operation.path))
    if (endpoint === undefined) throw new Error(`${operation.id} has no route`)
    return { operation, endpoint }
  })

const bodies = built.flatMap(({ operation, endpoint }) =>
  requestExamples(operation).map(({ title, value }) => ({
    id: operation.id,
    title,
    value,
    schema: endpoint.body,
  })),
)

const parameters = built.flatMap(({ operation, endpoint }) =>
  (['path', 'query'] as const).flatMap((where) => {
    const values = Object.entries(parameterExamples(operation, where)).map(([name, value]) => [
      name,
      SLIPS[operation.id]?.includes(name) === true ? '$asfDuShaf7Gafaw:matrix.org' : asText(value),
    ])
    const schema = where === 'path' ? endpoint.params : endpoint.query
    return values.length === 0 ? [] : [{ id: operation.id, where, values, schema }]
  }),
)

function asText(value: unknown): unknown {
  return Array.isArray(value) ? value.map(String) : String(value)
}

/** What a schema says to a value; '' when it takes it. */
function refusal(schema: z.ZodType | undefined, value: unknown): string {
  const parsed = schema?.safeParse(value)
  return parsed?.success === false ? z.prettifyError(parsed.error) : ''
}

describe.skipIf(missing !== undefined)(
  `the requests of the specification${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    test.each(bodies)('$id takes the documented body ($title)', ({ schema, value }) => {
      expect(refusal(schema, value)).toBe('')
    })

    test.each(parameters)('$id takes the documented $where parameters', ({ schema, values }) => {
      expect(refusal(schema, Object.fromEntries(values))).toBe('')
    })
  },
)
