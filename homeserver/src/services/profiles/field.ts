import { badJson, invalidParam, MatrixError } from '#matrix/errors.ts'
import type { JsonValue } from '#matrix/json.ts'

const FIELD_NAME = /^(?:avatar_url|displayname|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)$/
const MXC = /^mxc:\/\/[^/\s]+\/[A-Za-z0-9_-]+$/
const MAX_NAME_BYTES = 255
/** So that a name and an avatar always fit into a membership event. */
const MAX_TEXT = 1024

/**
 * Checks a field's name.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3profileuseridkeyname
 * @throws {MatrixError} 400 `M_KEY_TOO_LARGE`, `M_INVALID_PARAM`
 */
export function requireFieldName(name: string): void {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    const message = `The name of a profile field has at most ${MAX_NAME_BYTES} bytes.`
    throw new MatrixError(400, 'M_KEY_TOO_LARGE', message)
  }
  if (!FIELD_NAME.test(name)) throw invalidParam('This is not the name of a profile field.')
}

/** @throws {MatrixError} 400 when the field cannot have this value */
export function requireFieldValue(name: string, value: JsonValue): void {
  if (name !== 'displayname' && name !== 'avatar_url' && name !== 'm.tz') return
  if (typeof value !== 'string') throw badJson(`${name}: Expected a string`)
  if (value.length > MAX_TEXT) throw invalidParam(`${name}: Longer than ${MAX_TEXT} characters`)
  if (!value.isWellFormed()) throw invalidParam(`${name}: Contains an unpaired surrogate`)
  if (name === 'avatar_url' && value !== '' && !MXC.test(value)) {
    throw invalidParam('avatar_url: Not an MXC URI')
  }
}
