import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CORS_HEADERS } from './cors.ts'

interface Answer {
  readonly status: number
  readonly errcode: string
  readonly error: string
}

const TOO_LARGE: Answer = {
  status: 431,
  errcode: 'M_TOO_LARGE',
  error: 'The headers and the query are too long. Send a long filter to /filter first.',
}
const TOO_SLOW: Answer = {
  status: 408,
  errcode: 'M_UNKNOWN',
  error: 'The request did not arrive in time.',
}
const UNREADABLE: Answer = {
  status: 400,
  errcode: 'M_UNKNOWN',
  error: 'This is not a request by HTTP/1.1.',
}

/**
 * Answers what Node cannot read as a request, in the form of all other errors, and closes the
 * connection: where its next request would begin is not known.
 * @param code of Node's error. https://nodejs.org/api/http.html#event-clienterror
 */
export function answerUnreadable(code: string | undefined, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, ...body } = answerFor(code)
  const text = JSON.stringify(body)
  const headers = {
    ...CORS_HEADERS,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`)
}

function answerFor(code: string | undefined): Answer {
  if (code === 'HPE_HEADER_OVERFLOW') return TOO_LARGE
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TOO_SLOW : UNREADABLE
}
