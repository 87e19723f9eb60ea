import { connect, type Socket } from 'node:net'
import type { Answer, Http, RequestOptions } from '../target/matrix-client.ts'
import { AnswerReader } from './answer-reader.ts'

/**
 * Keep-alive HTTP/1.1 over plain sockets. Node's own client takes 300 to 500 µs of CPU a request,
 * which a benchmark on the server's own machine would measure as the server's slowness; this one
 * takes about a third of it. It knows what Matrix servers answer with: JSON of a stated length or in
 * chunks. Connections are opened when none is idle and kept.
 */
export class LeanClient implements Http {
  readonly #base: URL
  readonly #idle: Connection[] = []
  readonly #all = new Set<Connection>()

  constructor(baseUrl: string) {
    this.#base = new URL(baseUrl)
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const connection = this.#idle.pop() ?? this.#open()
    const answer = await connection.exchange(this.#head(method, path, options))
    if (connection.isOpen) this.#idle.push(connection)
    return answer
  }

  close(): void {
    for (const connection of this.#all) connection.close()
  }

  #open(): Connection {
    const connection = new Connection(connect(Number(this.#base.port || 80), this.#base.hostname))
    this.#all.add(connection)
    return connection
  }

  #head(method: string, path: string, { token, body }: RequestOptions): string {
    const payload = body === undefined ? '' : JSON.stringify(body)
    const auth = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
    const content =
      body === undefined
        ? ''
        : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(payload)}\r\n`
    return `${method} ${path} HTTP/1.1\r\nHost: ${this.#base.host}\r\n${auth}${content}\r\n${payload}`
  }
}

/** One socket, one request at a time. */
class Connection {
  readonly #socket: Socket
  #reader: AnswerReader | undefined
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  isOpen = true

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server closed the connection')))
  }

  exchange(request: string): Promise<Answer> {
    this.#reader = new AnswerReader()
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    try {
      const answer = this.#reader?.add(chunk)
      if (answer === undefined) return
      if (answer.headers['connection'] === 'close') this.isOpen = false
      this.#settle?.resolve(answer)
      this.#settle = undefined
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #fail(error: Error): void {
    this.isOpen = false
    this.#settle?.reject(error)
    this.#settle = undefined
    this.#socket.destroy()
  }
}
