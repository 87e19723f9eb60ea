import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { entries, fileAt, type Place, refOf } from './open-api.ts'

/**
 * Schemas of the specification's files, compiled when they are first asked for. OpenAPI 3.1 has JSON
 * Schema 2020-12. Formats are not checked: most are Matrix's own, and the patterns stand beside them.
 */
const ajv = new Ajv2020({
  strict: false,
  validateFormats: false,
  validateSchema: false,
  allErrors: true,
  logger: false,
})
const loaded = new Set<string>()
const compiled = new Map<string, ValidateFunction>()

const SHOWN = 3

/** What is wrong with a value by the schema at a place: one line; undefined when it is valid. */
export function faultBySchema(place: Place, value: unknown): string | undefined {
  const validate = compile(place)
  if (validate(value)) return undefined
  const all = [...new Set((validate.errors ?? []).map(line))]
  const rest = all.length > SHOWN ? `, and ${all.length - SHOWN} more` : ''
  return all.slice(0, SHOWN).join(', ') + rest
}

function line({ instancePath, message, params }: ErrorObject): string {
  const allowed: unknown = params['allowedValues'] ?? params['additionalProperty']
  const detail = allowed === undefined ? '' : ` (${JSON.stringify(allowed)})`
  return `${instancePath === '' ? 'the body' : instancePath} ${message ?? 'is not valid'}${detail}`
}

function compile(place: Place): ValidateFunction {
  const ref = refOf(place)
  const known = compiled.get(ref)
  if (known !== undefined) return known
  load(place.file)
  const validate = ajv.compile({ $ref: ref })
  compiled.set(ref, validate)
  return validate
}

/** Makes a file and all that it refers to known to the validator. */
function load(file: URL): void {
  if (loaded.has(file.href)) return
  loaded.add(file.href)
  const content = fileAt(file)
  if (typeof content !== 'object' || content === null) return
  ajv.addSchema(content, file.href)
  for (const ref of refsIn(content)) {
    const target = new URL(ref, file)
    target.hash = ''
    load(target)
  }
}

function refsIn(value: unknown): string[] {
  return entries(value).flatMap(([key, inner]) => {
    // an example may refer to a file of events, which is no schema
    if (key === 'example' || key === 'examples') return []
    return key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner)
  })
}
