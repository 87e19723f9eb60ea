import type { ServerResponse } from 'node:http'
import { CORS_HEADERS } from './cors.ts'
import { Html, RawJson, Reply } from './endpoint.ts'

/** An answer of the API, ready to be written. */
export interface JsonReply {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>> | undefined
  /** JSON unless stated. */
  readonly contentType?: string
}

/** Writes an answer, with the headers that every answer of the API carries. */
export type WriteReply = (response: ServerResponse, reply: JsonReply) => void

/**
 * Turns what a handler returned into an answer.
 * @throws {TypeError} when that is not JSON
 */
export function toReply(result: unknown): JsonReply {
  if (result instanceof Html) {
    const { text, headers } = result
    return { status: 200, text, headers, contentType: 'text/html; charset=utf-8' }
  }
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

/** @param testMode adds the header that warns of it */
export function replyWriter(testMode: boolean): WriteReply {
  // a flat list goes out as it is, where an object would be taken apart for each answer
  const shared = [
    ...Object.entries(CORS_HEADERS).flat(),
    ...(testMode ? ['X-Hearth-Test-Mode', '1'] : []),
  ]
  return (response, { status, text, headers, contentType = 'application/json' }) => {
    const length = String(Buffer.byteLength(text))
    const about = ['Content-Type', contentType, 'Content-Length', length]
    const own = headers === undefined ? [] : Object.entries(headers).flat()
    response.writeHead(status, [...about, ...shared, ...own])
    // as a string it leaves in one write with the headers, as a buffer it would need a second
    response.end(text, 'utf8')
  }
}
