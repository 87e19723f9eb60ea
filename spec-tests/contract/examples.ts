import { at } from '../target/json.ts'
import { below, describedAt, entries, fileAt, type Place, valueAt } from './open-api.ts'
import type { Operation } from './specification.ts'

export interface Example {
  readonly title: string
  readonly value: unknown
}

const JSON_BODY = ['content', 'application/json'] as const

/** Documented answers of an operation, each with its status. */
export function responseExamples(operation: Operation): (Example & { readonly status: number })[] {
  const place = describedAt(operation)
  return entries(at(valueAt(place), 'responses')).flatMap(([status]) =>
    examplesAt(below(place, 'responses', status, ...JSON_BODY)).map((example) => ({
      ...example,
      status: Number(status),
    })),
  )
}

/**
 * Documented bodies of a request. Where only single properties have examples, one body made of them,
 * unless a required property has none.
 */
export function requestExamples(operation: Operation): Example[] {
  const media = below(describedAt(operation), 'requestBody', ...JSON_BODY)
  const whole = examplesAt(media)
  if (whole.length > 0) return whole
  const value = exampleBySchema(below(media, 'schema'))
  return value === undefined ? [] : [{ title: 'of its properties', value }]
}

/** Documented parameters of the path or the query, by their names. */
export function parameterExamples(
  operation: Operation,
  where: 'path' | 'query',
): Record<string, unknown> {
  const place = describedAt(operation)
  const [root, path = ''] = place.path
  const lists = [place, { file: place.file, path: [root ?? '', path] }]
  const found = lists.flatMap((list) =>
    entries(at(valueAt(list), 'parameters')).flatMap(([index]) => {
      const parameter = below(list, 'parameters', index)
      const { name, in: kind } = namesIn(valueAt(parameter))
      const example =
        at(valueAt(parameter), 'example') ?? at(valueAt(parameter), 'schema', 'example')
      return kind === where && example !== undefined ? [[name, example] as const] : []
    }),
  )
  return Object.fromEntries(found)
}

function namesIn(parameter: unknown): { name: string; in: unknown } {
  return { name: String(at(parameter, 'name')), in: at(parameter, 'in') }
}

function examplesAt(media: Place): Example[] {
  const value = valueAt(media)
  const named = entries(at(value, 'examples')).map(([title]) => ({
    title,
    value: resolved(below(media, 'examples', title, 'value')),
  }))
  if (named.length > 0) return named
  const single = at(value, 'example') ?? at(value, 'schema', 'example')
  return single === undefined ? [] : [{ title: 'example', value: single }]
}

/** What the examples of a schema's properties make together. */
function exampleBySchema(place: Place): unknown {
  const schema = valueAt(place)
  const own = at(schema, 'example') ?? at(schema, 'examples', 0)
  if (own !== undefined) return own
  const parts = entries(at(schema, 'allOf')).map(([i]) => exampleBySchema(below(place, 'allOf', i)))
  if (at(schema, 'type') === 'array') {
    const item = exampleBySchema(below(place, 'items'))
    return item === undefined ? undefined : [item]
  }
  const properties = entries(at(schema, 'properties')).map(
    ([name]) => [name, exampleBySchema(below(place, 'properties', name))] as const,
  )
  if (parts.length === 0 && properties.length === 0) return undefined
  const known = properties.filter(([, value]) => value !== undefined)
  const merged = Object.fromEntries([...parts.flatMap(entries), ...known])
  const required = entries(at(schema, 'required')).map(([, name]) => String(name))
  return required.every((name) => name in merged) ? merged : undefined
}

/** An example with the files that it refers to; what stands beside a `$ref` wins over the file's. */
function resolved(place: Place): unknown {
  return resolve(valueAt(place), place.file)
}

function resolve(value: unknown, file: URL): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, file))
  if (typeof value !== 'object' || value === null) return value
  const ref = at(value, '$ref')
  const own = entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [] : [[key, resolve(inner, file)] as const],
  )
  if (typeof ref !== 'string') return Object.fromEntries(own)
  const target = new URL(ref, file)
  return Object.fromEntries([...entries(resolve(fileAt(target), target)), ...own])
}
