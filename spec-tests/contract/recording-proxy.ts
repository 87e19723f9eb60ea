import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { buffer } from 'node:stream/consumers'
import { observe } from './exchange.ts'

/**
 * Stands between a program that is not ours and the server, passes everything on as it is, and lets
 * the recorder see the answers.
 */
export class RecordingProxy implements AsyncDisposable {
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://127.0.0.1:${port}`
  }

  /** @param target the base URL of the server, over plain HTTP */
  static start(target: string): Promise<RecordingProxy> {
    const server = createServer((incoming, outgoing) => {
      pass(new URL(target), incoming, outgoing).catch((error: unknown) => {
        outgoing.destroy(error instanceof Error ? error : undefined)
      })
    })
    return new Promise((started, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (address === null || typeof address === 'string') reject(new Error('No port'))
        else started(new RecordingProxy(server, address.port))
      })
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((closed) => this.#server.close(() => closed()))
  }
}

async function pass(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = incoming
  const requestBody = await buffer(incoming)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = target
    const plain = { ...headers, 'accept-encoding': 'identity' }
    const sent = request({ hostname, port, method, path, headers: plain }, resolve)
    sent.once('error', reject)
    // a client that goes away ends a long poll
    outgoing.once('close', () => sent.destroy())
    sent.end(requestBody)
  })
  const body = await buffer(answer)
  const status = answer.statusCode ?? 0
  observe({ method, origin: target.origin, path, requestBody, status, text: body.toString() })
  outgoing.writeHead(status, answer.rawHeaders).end(body)
}
