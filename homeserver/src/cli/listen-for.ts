import { createServer, type Server } from 'node:net'
import { addressUrl } from '#http/address-url.ts'
import type { Logger } from '#platform/logger.ts'
import type { WorkerPool } from './worker-pool.ts'

/** The socket on which one process accepts connections for the workers. */
export interface Listener {
  readonly url: string
  /** Accepts no more; what was handed to a worker is the worker's. */
  close(): void
}

/** @throws the address' error: taken, not allowed, not ours */
export async function listenFor(
  pool: Pick<WorkerPool, 'deal'>,
  { host, port }: { readonly host: string; readonly port: number },
  logger: Logger,
): Promise<Listener> {
  // paused: what this process read of a connection would be lost to the worker
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    // a client that goes away before a worker has its connection
    socket.on('error', () => undefined)
    pool.deal(socket)
  })
  await listening(server, host, port)
  // one connection that could not be accepted is no reason to end them all
  server.on('error', (error) => logger.warn({ err: error }, 'a connection was not accepted'))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('No TCP address')
  return { url: addressUrl(address), close: () => void server.close() }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
