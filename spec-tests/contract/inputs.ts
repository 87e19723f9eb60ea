import { at } from '../target/json.ts'
import { below, describedAt, entries, type Place, valueAt } from './open-api.ts'
import type { Operation } from './specification.ts'

/** A parameter or a property as the specification describes it. */
export interface Input {
  /** Steps into the body; one for a parameter. */
  readonly steps: readonly string[]
  readonly required: boolean
  /** JSON types that it may have; none when the specification does not say. */
  readonly types: readonly string[]
  readonly values: readonly string[]
  /** Types of the items of a list. */
  readonly itemTypes: readonly string[]
}

/** Parameters of the path or of the query. */
export function parametersOf(operation: Operation, where: 'path' | 'query'): Input[] {
  const place = describedAt(operation)
  const [root = '', path = ''] = place.path
  return [{ file: place.file, path: [root, path] }, place].flatMap((list) =>
    entries(at(valueAt(list), 'parameters')).flatMap(([index]) => {
      const parameter = below(list, 'parameters', index)
      const described = valueAt(parameter)
      if (at(described, 'in') !== where) return []
      const required = at(described, 'required') === true
      const name = String(at(described, 'name'))
      return [inputAt(below(parameter, 'schema'), [name], required)]
    }),
  )
}

/** All properties of the body, also of the objects in it. */
export function propertiesOf(operation: Operation): Input[] {
  return propertiesAt(
    below(describedAt(operation), 'requestBody', 'content', 'application/json', 'schema'),
    [],
  )
}

/** Whether a request can say anything beyond who asks. */
export function takesInput(operation: Operation): boolean {
  return (
    hasBody(operation) ||
    parametersOf(operation, 'path').length > 0 ||
    parametersOf(operation, 'query').length > 0
  )
}

/** Whether the specification has a body for the operation. */
export function hasBody(operation: Operation): boolean {
  return at(valueAt(describedAt(operation)), 'requestBody') !== undefined
}

function propertiesAt(place: Place, above: readonly string[]): Input[] {
  const schema = valueAt(place)
  const required = entries(at(schema, 'required')).map(([, name]) => name)
  const parts = entries(at(schema, 'allOf')).flatMap(([index]) =>
    propertiesAt(below(place, 'allOf', index), above),
  )
  const own = entries(at(schema, 'properties')).flatMap(([name]) => {
    const property = below(place, 'properties', name)
    const steps = [...above, name]
    const input = inputAt(property, steps, required.includes(name))
    return [input, ...propertiesAt(property, steps)]
  })
  return [...parts, ...own]
}

function inputAt(place: Place, steps: readonly string[], required: boolean): Input {
  return {
    steps,
    required,
    types: typesAt(place),
    values: entries(at(valueAt(place), 'enum')).map(([, value]) => String(value)),
    itemTypes: at(valueAt(place), 'items') === undefined ? [] : typesAt(below(place, 'items')),
  }
}

function typesAt(place: Place): string[] {
  const schema = valueAt(place)
  const type = at(schema, 'type')
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type.map(String)
  if (at(schema, 'properties') !== undefined) return ['object']
  return entries(at(schema, 'allOf')).flatMap(([index]) => typesAt(below(place, 'allOf', index)))
}
