import { connect } from 'node:net'
import { createServer, type Server } from 'node:tls'
import type { Credentials } from './certificate.ts'

/** TLS on a port of its own in front of a server that speaks plain HTTP. */
export class TlsFront {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async listen(port: number, credentials: Credentials, target: number): Promise<TlsFront> {
    const server = createServer(credentials, (socket) => {
      const inner = connect(target, '127.0.0.1')
      socket.pipe(inner).pipe(socket)
      // one end's death is the other's
      socket.on('error', () => inner.destroy()).on('close', () => inner.destroy())
      inner.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    return new TlsFront(server)
  }

  close(): void {
    this.#server.close()
  }
}
