import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections that were accepted elsewhere; Node's server knows only those that it accepts itself. */
export class AcceptedConnections {
  readonly #server: Server
  readonly #open = new Set<Socket>()
  #isTracking = false
  #whenEmpty: (() => void) | undefined

  constructor(server: Server) {
    this.#server = server
  }

  add(socket: Socket): void {
    this.#track()
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      if (this.#open.size === 0) this.#whenEmpty?.()
    })
    socket.setNoDelay(true)
    this.#server.emit('connection', socket)
    // it came paused, for its sender read nothing
    socket.resume()
  }

  /** Resolves once all are closed. */
  async closed(): Promise<void> {
    if (this.#open.size === 0) return
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve
    })
  }

  /** Listening is what makes Node watch over timeouts and idle connections. */
  #track(): void {
    if (this.#isTracking) return
    this.#isTracking = true
    if (!this.#server.listening) this.#server.emit('listening')
  }
}
