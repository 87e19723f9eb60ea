import type { Answer } from '../target/matrix-client.ts'

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

interface Head {
  readonly status: number
  readonly headers: Record<string, string>
  /** Where the body starts. */
  readonly length: number
  /** What the body takes at least; all of it unless it comes in chunks. */
  readonly bodyLength: number
}

/** Reads one HTTP/1.1 answer from the pieces in which it arrives. */
export class AnswerReader {
  #pieces: Buffer[] = []
  #length = 0
  #head: Head | undefined

  /**
   * @returns the answer once it is complete
   * @throws {Error} when the bytes are no answer with a body of known length
   */
  add(chunk: Buffer): Answer | undefined {
    this.#pieces.push(chunk)
    this.#length += chunk.length
    this.#head ??= parseHead(this.#joined())
    if (this.#head === undefined) return undefined
    const { status, headers, length } = this.#head
    // a long answer is put together once, not with each of its pieces
    if (this.#length < length + this.#head.bodyLength) return undefined
    const body = bodyOf(this.#joined().subarray(length), headers)
    if (body === undefined) return undefined
    const text = body.toString('utf8')
    return { status, headers, text, body: parsed(text) }
  }

  #joined(): Buffer {
    const [first] = this.#pieces
    if (first !== undefined && this.#pieces.length === 1) return first
    const whole = Buffer.concat(this.#pieces)
    this.#pieces = [whole]
    return whole
  }
}

function parseHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(END_OF_HEAD)
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`No HTTP answer: ${first}`)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const bodyLength = Number(headers['content-length'] ?? 0)
  return { status, headers, length: end + END_OF_HEAD.length, bodyLength }
}

function bodyOf(bytes: Buffer, headers: Record<string, string>): Buffer | undefined {
  if (headers['transfer-encoding'] === 'chunked') return chunkedBody(bytes)
  const length = Number(headers['content-length'])
  if (Number.isNaN(length)) throw new Error('An answer without a length')
  return bytes.length < length ? undefined : bytes.subarray(0, length)
}

function chunkedBody(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf(LINE_END, at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('A chunk without a size')
    const start = lineEnd + LINE_END.length
    if (bytes.length < start + size + LINE_END.length) return undefined
    if (size === 0) return Buffer.concat(chunks)
    chunks.push(bytes.subarray(start, start + size))
    at = start + size + LINE_END.length
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
