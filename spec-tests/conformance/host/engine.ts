import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Container } from './container.ts'
import type { Databases } from './databases.ts'
import { notFound } from './docker-error.ts'
import type { Labels } from './labels.ts'

/** A database to start servers from, with labels. */
export interface Image {
  readonly id: string
  readonly labels: Labels
  readonly tag: string
  readonly database: string
}

export interface Network {
  readonly id: string
  readonly name: string
  readonly labels: Labels
}

const newId = (): string => randomBytes(32).toString('hex')

/** Containers, images and networks of one host. */
export class Engine implements AsyncDisposable {
  readonly containers = new Map<string, Container>()
  readonly images = new Map<string, Image>()
  readonly networks = new Map<string, Network>()
  readonly #databases: Databases
  readonly #folder = mkdtempSync(join(tmpdir(), 'hearth-conformance-'))

  constructor(databases: Databases) {
    this.#databases = databases
  }

  /** @throws {DockerError} 404 */
  container(idOrName: string): Container {
    const found =
      this.containers.get(idOrName) ??
      this.containers.values().find(({ options }) => options.name === idOrName)
    if (found === undefined) throw notFound('container')
    return found
  }

  async createContainer(
    name: string,
    image: string,
    labels: Labels,
    serverName: string,
  ): Promise<Container> {
    const id = newId()
    const from = this.images.get(image.replace(/^sha256:/, ''))
    const options = {
      id,
      name,
      image,
      serverName,
      labels: { ...from?.labels, ...labels },
      folder: join(this.#folder, id.slice(0, 12)),
      database:
        from === undefined
          ? await this.#databases.fresh(serverName)
          : await this.#databases.copy(from.database),
    }
    const container = new Container(options, this.#databases)
    this.containers.set(id, container)
    return container
  }

  async removeContainer(idOrName: string): Promise<void> {
    const container = this.container(idOrName)
    this.containers.delete(container.options.id)
    await container.remove()
  }

  /** Makes an image of what a container's server has stored; the server is stopped for it. */
  async commit(idOrName: string, tag: string, labels: Labels): Promise<Image> {
    const container = this.container(idOrName)
    const wasRunning = container.isRunning
    await container.stop()
    const database = await this.#databases.copy(container.options.database)
    if (wasRunning) await container.start()
    const image = { id: newId(), labels: { ...container.options.labels, ...labels }, tag, database }
    this.images.set(image.id, image)
    return image
  }

  /** @throws {DockerError} 404 */
  async removeImage(id: string): Promise<void> {
    const image = this.images.get(id.replace(/^sha256:/, ''))
    if (image === undefined) throw notFound('image')
    this.images.delete(image.id)
    await this.#databases.drop(image.database)
  }

  createNetwork(name: string, labels: Labels): Network {
    const network = { id: newId(), name, labels }
    this.networks.set(network.id, network)
    return network
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.containers.values(), (container) => container.remove()))
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
