import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * - `pass`: bytes go through, answers after `delayMs`
 * - `stall`: connections stand and new ones are taken, but nothing goes through: a network that
 *   drops packets, a machine that hangs
 * - `refuse`: new connections are closed at once
 */
export type ProxyMode = 'pass' | 'stall' | 'refuse'

/** A TCP relay that stands between a server and its database and misbehaves on demand. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #links = new Set<Link>()
  readonly #abandoned = new Set<Link>()
  readonly #targetPort: number
  #mode: ProxyMode = 'pass'
  /** How long each piece of an answer is held back, in milliseconds; order is kept. */
  delayMs = 0

  private constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer((client) => this.#accept(client))
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort)
    await new Promise<void>((listening) => proxy.#server.listen(0, '127.0.0.1', listening))
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('No TCP address')
    return address.port
  }

  get connections(): number {
    return this.#links.size
  }

  get mode(): ProxyMode {
    return this.#mode
  }

  /** What was held back by `stall` goes on its way when `pass` comes again. */
  set mode(mode: ProxyMode) {
    this.#mode = mode
    for (const link of this.#links) link.setStalled(mode === 'stall')
  }

  /** Cuts every connection, as a restarted router does. */
  cutAll(): void {
    for (const link of this.#links) link.cut()
  }

  /** Lets the present connections stand for ever without a word, as a firewall that forgot them. */
  abandon(): void {
    for (const link of this.#links) {
      link.setStalled(true)
      this.#links.delete(link)
      this.#abandoned.add(link)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cutAll()
    for (const link of this.#abandoned) link.cut()
    return new Promise((closed) => this.#server.close(() => closed()))
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') return void client.destroy()
    const link = new Link(client, connect(this.#targetPort, '127.0.0.1'), () => this.delayMs)
    link.setStalled(this.#mode === 'stall')
    this.#links.add(link)
    client.once('close', () => this.#links.delete(link))
  }
}

class Link {
  readonly #client: Socket
  readonly #target: Socket

  constructor(client: Socket, target: Socket, delayMs: () => number) {
    this.#client = client
    this.#target = target
    for (const socket of [client, target]) {
      socket.setNoDelay(true)
      socket.on('error', () => this.cut())
      socket.on('close', () => this.cut())
    }
    client.on('data', (chunk: Buffer) => target.write(chunk))
    target.on('data', (chunk: Buffer) => {
      const delay = delayMs()
      if (delay === 0) client.write(chunk)
      else setTimeout(() => client.write(chunk), delay)
    })
  }

  setStalled(stalled: boolean): void {
    for (const socket of [this.#client, this.#target]) {
      if (stalled) socket.pause()
      else socket.resume()
    }
  }

  cut(): void {
    this.#client.destroy()
    this.#target.destroy()
  }
}
