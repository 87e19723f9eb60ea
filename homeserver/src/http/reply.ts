import type { ServerResponse } from 'node:http'
import { CORS_HEADERS } from './cors.ts'
import { RawJson, Reply } from './endpoint.ts'

/** An answer of the API, ready to be written. */
export interface JsonReply {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>> | undefined
}

/**
 * Turns what a handler returned into an answer.
 * @throws {TypeError} when that is not JSON
 */
export function toReply(result: unknown): JsonReply {
  const plain = !(result instanceof Reply)
  const text = toText(plain ? result : result.body)
  return plain
    ? { status: 200, text, headers: undefined }
    : { status: result.status, text, headers: result.headers }
}

function toText(body: unknown): string {
  if (body instanceof RawJson) return body.text
  const text: unknown = JSON.stringify(body)
  if (typeof text !== 'string') throw new TypeError('A handler returned no JSON')
  return text
}

/** Writes the answer, with the headers that every answer of the API carries. */
export function writeReply(response: ServerResponse, reply: JsonReply): void {
  response.writeHead(reply.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(reply.text),
    ...CORS_HEADERS,
    ...reply.headers,
  })
  // as a string it leaves in one write with the headers, as a buffer it would need a second
  response.end(reply.text, 'utf8')
}
