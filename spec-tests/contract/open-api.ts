import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { at } from '../target/json.ts'
import { type Operation, SPECIFICATION } from './specification.ts'

/** A place in one of the specification's files: its address, and how to get there. */
export interface Place {
  readonly file: URL
  readonly path: readonly string[]
}

const files = new Map<string, unknown>()

/** The parsed content of a file, read once. */
export function fileAt(url: URL): unknown {
  const known = files.get(url.href)
  if (known !== undefined) return known
  const content: unknown = parse(readFileSync(url, 'utf8'))
  files.set(url.href, content)
  return content
}

export function valueAt(place: Place): unknown {
  return at(fileAt(place.file), ...place.path)
}

/** The address of a place as `$ref` writes it. */
export function refOf({ file, path }: Place): string {
  const pointer = path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  return `${file.href}#${pointer.map((step) => step.split('/').map(encodeURIComponent).join('/')).join('')}`
}

/** A place below another one; a `$ref` on the way is followed. */
export function below(place: Place, ...steps: readonly string[]): Place {
  let current = followed(place)
  for (const step of steps) {
    current = followed({ file: current.file, path: [...current.path, step] })
  }
  return current
}

function followed(place: Place): Place {
  const ref = at(valueAt(place), '$ref')
  if (typeof ref !== 'string') return place
  const target = new URL(ref, place.file)
  const path = target.hash.slice(1).split('/').slice(1)
  target.hash = ''
  return followed({
    file: target,
    path: path.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')),
  })
}

/** Where the specification describes an operation. @throws {Error} when its file doesn't */
export function describedAt(operation: Operation): Place {
  const file = pathToFileURL(join(SPECIFICATION, 'data/api', operation.source))
  for (const [path, methods] of entries(at(fileAt(file), 'paths'))) {
    for (const [method, described] of entries(methods)) {
      if (at(described, 'operationId') === operation.id)
        return { file, path: ['paths', path, method] }
    }
  }
  throw new Error(`${operation.source} does not describe ${operation.id}`)
}

/** Names and values of an object; none of anything else. */
export function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
