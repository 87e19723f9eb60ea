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
 */
export function faultIn(operation: Operation, status: number, body: unknown): string | undefined {
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
  return responseFault(response, status, body)
}

function responseFault(response: Place, status: number, body: unknown): string | undefined {
  const types = entries(at(valueAt(response), 'content')).map(([type]) => type)
  if (types.length === 0) return status < 400 ? undefined : errorFault(body)
  if (!types.includes(JSON_TYPE)) return undefined
  if (body === undefined) return 'the body must be JSON'
  return faultBySchema(below(response, 'content', JSON_TYPE, 'schema'), body)
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
