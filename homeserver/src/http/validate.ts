import type { z } from 'zod'
import { badJson, invalidParam, missingParam, type MatrixError } from '#matrix/errors.ts'
import { isJsonObject } from '#matrix/json.ts'

/** Where an input stands: only in a body can a value have the wrong JSON type. */
export type InputPlace = 'body' | 'query' | 'path'

/**
 * Checks an input against its schema.
 * @throws {MatrixError} with the errcode that fits the first issue
 */
export function validate<S extends z.ZodType>(
  schema: S,
  input: unknown,
  place: InputPlace,
): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue === undefined ? badJson('Invalid input.') : issueError(issue, input, place)
}

function issueError(issue: z.core.$ZodIssue, input: unknown, place: InputPlace): MatrixError {
  const value = valueAt(input, issue.path)
  const name = issue.path.map(String).join('.')
  if (value === undefined) return missingParam(name)
  const message = name === '' ? issue.message : `${name}: ${issue.message}`
  return place === 'body' && isWrongType(issue, value) ? badJson(message) : invalidParam(message)
}

/** zod hides the value of an issue, and with it whether it was absent or of the wrong type. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input
  for (const key of path) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key]
    else if (isJsonObject(value) && typeof key === 'string' && Object.hasOwn(value, key)) {
      value = value[key]
    } else return undefined
  }
  return value
}

function isWrongType(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_type') {
    return !(typeof value === 'number' && ['int', 'number'].includes(issue.expected))
  }
  if (issue.code === 'custom') return issue.params?.['wrongType'] === true
  if (issue.code === 'invalid_union') {
    return (
      issue.errors.length > 0 &&
      issue.errors.every(([inner]) => inner?.code === 'invalid_type' && inner.path.length === 0)
    )
  }
  if (issue.code === 'invalid_value') {
    return issue.values.every((allowed) => typeof allowed !== typeof value)
  }
  return false
}
