import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { at } from '../target/json.ts'
import { below, describedAt, entries, type Place, valueAt } from './open-api.ts'
import { faultBySchema } from './schemas.ts'
import { type Operation, SPECIFICATION } from './specification.ts'

const JSON_TYPE = 'application/json'

/**
 * What is wrong with an answer by the specification: one line; undefined when nothing is.
 * @param body the parsed JSON; undefined when the answer was none
 * @param query of the request, where the answer's form depends on it
 */
export function faultIn(
  operation: Operation,
  status: number,
  body: unknown,
  query = new URLSearchParams(),
): string | undefined {
  const place = describedAt(operation)
  const responses = at(valueAt(place), 'responses')
  const documented = entries(responses).some(([key]) => key === String(status))
  if (!documented) {
    if (status < 400) return `the status ${status} is not documented`
    return errorFault(body)
  }
  // a documented 401 describes user-interactive authentication, yet a bad token is refused there too
  if (status === 401 && at(body, 'flows') === undefined) return errorFault(body)
  const response = below(place, 'responses', String(status))
  return responseFault(response, status, body, query)
}

function responseFault(
  response: Place,
  status: number,
  body: unknown,
  query: URLSearchParams,
): string | undefined {
  const types = entries(at(valueAt(response), 'content')).map(([type]) => type)
  if (types.length === 0) return status < 400 ? undefined : errorFault(body)
  if (!types.includes(JSON_TYPE)) return undefined
  if (body === undefined) return 'the body must be JSON'
  return faultBySchema(formOf(below(response, 'content', JSON_TYPE, 'schema'), query), body)
}

/**
 * State is answered as its content or, with `format=event`, as its event. The specification has that as
 * two schemas of which exactly one may hold, yet the first, any object, always does.
 */
function formOf(schema: Place, query: URLSearchParams): Place {
  const forms = entries(at(valueAt(schema), 'oneOf'))
  if (forms.length !== 2) return schema
  return below(schema, 'oneOf', query.get('format') === 'event' ? '1' : '0')
}

/** Every refusal is a Matrix error, documented or not. */
function errorFault(body: unknown): string | undefined {
  if (body === undefined) return 'the body must be JSON'
  return faultBySchema(ERROR, body)
}

const ERROR: Place = {
  file: pathToFileURL(join(SPECIFICATION, 'data/api/client-server/definitions/errors/error.yaml')),
  path: [],
}
