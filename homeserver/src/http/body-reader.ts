import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { badJson, MatrixError, notJson, tooLarge } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'

import { jsonDepthExceeds } from './json-depth.ts'

export const DEFAULT_BODY_LIMIT = 1024 * 1024
/** Of a body that is too large: so much is still read, for the sake of the answer. */
const MOST_DISCARDED = 64 * 1024 * 1024
/** Nesting that no client needs, and that recursive code can still walk. */
const MAX_DEPTH = 500

/** The body as text and as parsed value. */
export interface JsonBody {
  readonly raw: string
  readonly value: unknown
}

/** The client went away before its request was whole; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/**
 * Reads a request's body, whatever its Content-Type says.
 * @throws {MatrixError} 413 as soon as more than `limit` bytes are announced or came
 * @throws {ClientGone}
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) {
    // a client that is cut off while it sends never reads the answer
    if (announced <= MOST_DISCARDED) request.resume()
    throw bodyTooLarge(limit, announced <= MOST_DISCARDED)
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const stop = () => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    }
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) return void chunks.push(chunk)
      stop()
      reject(bodyTooLarge(limit, false))
    }
    const onEnd = () => {
      stop()
      const [first, ...others] = chunks
      resolve(first !== undefined && others.length === 0 ? first : Buffer.concat(chunks, length))
    }
    const onGone = () => {
      stop()
      reject(new ClientGone('The client closed the connection.'))
    }
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

/** @param isRead what is left of the body is read and dropped; else it ends with the connection */
function bodyTooLarge(limit: number, isRead: boolean): MatrixError {
  const { message, status, errcode } = tooLarge(`The request body exceeds ${limit} bytes.`)
  return new MatrixError(status, errcode, message, {}, isRead ? {} : { Connection: 'close' })
}

/**
 * Parses a body.
 * @throws {MatrixError} `M_NOT_JSON` for what is not UTF-8 or not JSON
 */
export function parseBody(body: Buffer): JsonBody {
  if (!isUtf8(body)) throw notJson('The request body is not valid UTF-8.')
  const raw = body.toString('utf8')
  if (jsonDepthExceeds(raw, MAX_DEPTH)) throw badJson('The request body is nested too deeply.')
  try {
    return { raw, value: parseJson(raw) }
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson()
    throw error
  }
}
