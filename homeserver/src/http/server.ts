import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Clock } from '#platform/clock.ts'
import type { Endpoint } from './endpoint.ts'
import { createApp, type AppDeps } from './app.ts'
import { AcceptedConnections } from './accepted-connections.ts'
import { leave } from './request-signals.ts'
import { answerUnreadable } from './unreadable-request.ts'

export interface HttpServer {
  /** Starts to accept connections; port 0 takes a free one. Tells the address that was taken. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>
  /** Serves a connection that another process accepted, and of which nothing was read. */
  accept(socket: Socket): void
  /**
   * Stops accepting, ends long polls with a valid answer and waits for the requests under way,
   * at most `graceMs`; then cuts what is left.
   */
  close(graceMs?: number): Promise<void>
}

export interface HttpServerOptions {
  /** Longer than any proxy's or client's own idle time, lest they reuse a closing connection. */
  readonly keepAliveMs: number
}

const HEADERS_TIMEOUT_MS = 30_000
const REQUEST_TIMEOUT_MS = 120_000
/** Clients write whole filters into the query. */
const MAX_HEADERS_BYTES = 65_536

/** A listener that is not yet open, serving the endpoints. */
export function createListener(
  endpoints: readonly Endpoint[],
  deps: AppDeps,
  options: HttpServerOptions,
): HttpServer {
  const app = createApp(endpoints, deps)
  const server = createServer(
    {
      keepAliveTimeout: options.keepAliveMs,
      // Node answers by itself before these run out only while the request is still incomplete
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      noDelay: true,
      maxHeaderSize: MAX_HEADERS_BYTES,
    },
    (request, response) => {
      if (deps.signals.draining) leave(response)
      return app.listener(request, response)
    },
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    answerUnreadable(error.code, socket),
  )
  const accepted = new AcceptedConnections(server)
  return {
    async listen(host, port) {
      const address = await listen(server, host, port)
      setImmediate(() => app.preload())
      return address
    },
    accept(socket) {
      app.preload()
      accepted.add(socket)
    },
    close: (graceMs = 5_000) => close(server, accepted, deps, graceMs),
  }
}

function listen(server: Server, host: string, port: number): Promise<AddressInfoOf> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new TypeError('No TCP address'))
      else resolve(addressOf(address))
    })
  })
}

interface AddressInfoOf {
  host: string
  port: number
}

const addressOf = ({ address, port }: AddressInfo): AddressInfoOf => ({ host: address, port })

async function close(
  server: Server,
  accepted: AcceptedConnections,
  deps: AppDeps,
  graceMs: number,
): Promise<void> {
  const closed = Promise.all([
    new Promise<void>((resolve) => {
      server.close(() => resolve())
    }),
    accepted.closed(),
  ])
  deps.signals.drain()
  const cancel = deps.clock.after(graceMs, () => server.closeAllConnections())
  const sweeping = new AbortController()
  const swept = sweepIdle(server, deps.clock, sweeping.signal)
  await closed
  sweeping.abort()
  await swept
  cancel()
}

const SWEEP_MS = 20

/** A connection becomes idle when its last answer is out, which may be any time after the drain began. */
async function sweepIdle(server: Server, clock: Clock, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    server.closeIdleConnections()
    await clock.sleep(SWEEP_MS, stop)
  }
}
