import { Agent, request as httpRequest } from 'node:http'
import { Agent as SecureAgent, request as httpsRequest } from 'node:https'
import { observe } from '../contract/exchange.ts'

/** A parsed JSON answer; `body` is `undefined` when the answer was no JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
  readonly text: string
}

export interface RequestOptions {
  readonly token?: string | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** Sends a request and reads its whole answer. */
export interface Http {
  /** Path and query go out exactly as given. @throws {Error} when there is no answer */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
}

/**
 * The thinnest client: keep-alive HTTP and JSON, nothing hidden. Black-box tests and benchmarks use
 * it so that what they measure is the server.
 */
export class HttpClient implements Http {
  readonly #agent: Agent
  readonly #base: URL
  readonly #secure: boolean

  constructor(baseUrl: string, options: { maxSockets?: number } = {}) {
    this.#base = new URL(baseUrl)
    this.#secure = this.#base.protocol === 'https:'
    const settings = { keepAlive: true, maxSockets: options.maxSockets ?? 4096 }
    this.#agent = this.#secure ? new SecureAgent(settings) : new Agent(settings)
  }

  /** Path and query go out exactly as given. */
  request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const payload =
      options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const headers: Record<string, string> = { ...options.headers }
    if (options.token !== undefined) headers['Authorization'] = `Bearer ${options.token}`
    if (payload !== undefined) {
      headers['Content-Type'] ??= 'application/json'
      headers['Content-Length'] = String(Buffer.byteLength(payload))
    }
    const send = this.#secure ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const request = send(
        {
          agent: this.#agent,
          hostname: this.#base.hostname,
          port: this.#base.port,
          method,
          path,
          headers,
          timeout: options.timeoutMs ?? 60_000,
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const status = response.statusCode ?? 0
            const { origin } = this.#base
            observe({ method, origin, path, requestBody: payload, status, text })
            resolve({
              status,
              headers: response.headers,
              body: parse(text),
              text,
            })
          })
        },
      )
      request.on('error', reject)
      request.on('timeout', () => request.destroy(new Error(`No answer: ${method} ${path}`)))
      request.end(payload)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
