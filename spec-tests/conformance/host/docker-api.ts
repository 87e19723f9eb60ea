import { createServer, type IncomingMessage, type Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { DockerError } from './docker-error.ts'
import type { Engine } from './engine.ts'
import { route, type DockerReply } from './routes.ts'

const API_VERSION = '1.47'

/**
 * The part of the Docker Engine HTTP API that the suite speaks. It listens on the loopback address
 * only: whoever reaches it can start processes.
 */
export function dockerApi(engine: Engine): Server {
  return createServer((request, response) => {
    void answer(engine, request).then(({ status, body }) => {
      const bytes =
        body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
      response.writeHead(status, {
        'Api-Version': API_VERSION,
        Ostype: 'linux',
        'Content-Type': Buffer.isBuffer(body) ? 'text/plain' : 'application/json',
      })
      response.end(bytes)
    })
  })
}

async function answer(engine: Engine, request: IncomingMessage): Promise<DockerReply> {
  try {
    const url = new URL(request.url ?? '/', 'http://host')
    return await route(engine, {
      method: request.method ?? 'GET',
      path: url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, ''),
      query: url.searchParams,
      body: await buffer(request),
    })
  } catch (error) {
    const status = error instanceof DockerError ? error.status : 500
    process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`)
    return { status, body: { message: String(error) } }
  }
}
