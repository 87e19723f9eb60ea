import {
  HttpClient,
  type Answer,
  type Http,
  type RequestOptions,
} from '../../target/matrix-client.ts'
import type { Rng } from './rng.ts'
import type { ServerProcess } from './server-process.ts'

/** Sends each request to another server than the last one, whether it is up or not. */
export class ScatteredHttp implements Http {
  readonly #servers: readonly ServerProcess[]
  readonly #clients: Map<ServerProcess, HttpClient>
  readonly #rng: Rng
  #last: ServerProcess | undefined

  /** @param clients connections to share with others */
  constructor(
    servers: readonly ServerProcess[],
    rng: Rng,
    clients = new Map<ServerProcess, HttpClient>(),
  ) {
    this.#servers = servers
    this.#rng = rng
    this.#clients = clients
  }

  /** For another client program, which has its own last server. */
  another(): ScatteredHttp {
    return new ScatteredHttp(this.#servers, this.#rng.fork(), this.#clients)
  }

  request(method: string, path: string, options?: RequestOptions): Promise<Answer> {
    const others = this.#servers.filter((server) => server !== this.#last)
    const server = this.#rng.pick(others.length > 0 ? others : this.#servers)
    this.#last = server
    let client = this.#clients.get(server)
    if (client === undefined) {
      client = new HttpClient(server.url)
      this.#clients.set(server, client)
    }
    return client.request(method, path, options)
  }

  close(): void {
    for (const client of this.#clients.values()) client.close()
  }
}
