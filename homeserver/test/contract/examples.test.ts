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

/** Tokens are opaque: the examples have the form that another server gives them. */
const OTHER_TOKENS: Readonly<Record<string, readonly string[]>> = {}

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
    const values = Object.entries(parameterExamples(operation, where))
      .filter(([name]) => OTHER_TOKENS[operation.id]?.includes(name) !== true)
      .map(([name, value]) => [name, asText(value)])
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
