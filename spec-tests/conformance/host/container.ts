import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseTar } from 'nanotar'
import { freePort } from '../../target/server.ts'
import { leafCertificate } from './certificate.ts'
import type { Databases } from './databases.ts'
import { DockerError } from './docker-error.ts'
import type { Labels } from './labels.ts'
import { logFile, ServerProcess } from './server-process.ts'
import { TlsFront } from './tls-front.ts'

export interface ContainerOptions {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly labels: Labels
  readonly serverName: string
  readonly folder: string
  readonly database: string
}

const CA_CERTIFICATE = 'complement/ca/ca.crt'
const CA_KEY = 'complement/ca/ca.key'

/** What the suite takes for a container: a server process with a database, ports and files of its own. */
export class Container {
  readonly options: ContainerOptions
  readonly #databases: Databases
  #ports: { readonly client: number; readonly federation: number } | undefined
  #process: ServerProcess | undefined
  #front: TlsFront | undefined

  constructor(options: ContainerOptions, databases: Databases) {
    this.options = options
    this.#databases = databases
    mkdirSync(options.folder, { recursive: true })
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false
  }

  /** Unpacks files that the suite brings: its authority, registrations of application services. */
  addFiles(archive: Uint8Array): void {
    for (const { name, type, data } of parseTar(archive)) {
      if (data === undefined || type !== 'file') continue
      const path = join(this.options.folder, 'files', join('/', name))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, data)
    }
  }

  async start(): Promise<void> {
    if (this.isRunning) return
    const begun = Date.now()
    this.#ports ??= { client: await freePort(), federation: await freePort() }
    const { folder, serverName, database } = this.options
    this.#process = new ServerProcess({
      folder,
      serverName,
      port: this.#ports.client,
      databaseUrl: this.#databases.urlOf(database),
    })
    await Promise.all([this.#process.listening(), this.#federate(this.#ports)])
    process.stdout.write(`${serverName} takes connections after ${Date.now() - begun} ms\n`)
  }

  async #federate({ client, federation }: { client: number; federation: number }): Promise<void> {
    const authority = this.#authority()
    if (authority === undefined || this.#front !== undefined) return
    const credentials = leafCertificate(this.options.serverName, authority)
    this.#front = await TlsFront.listen(federation, credentials, client)
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.#process?.stop(signal)
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#process === undefined) throw new DockerError(409, 'It is not running')
    this.#process.signal(signal)
  }

  /** Ends it and forgets its data. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL')
    this.#front?.close()
    await this.#databases.drop(this.options.database)
    rmSync(this.options.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  logs(): Buffer {
    try {
      return readFileSync(logFile(this.options.folder))
    } catch {
      return Buffer.alloc(0)
    }
  }

  /** The part of Docker's answer to `inspect` that the suite reads. */
  inspect() {
    const { id, name, image, labels } = this.options
    const running = this.isRunning
    return {
      Id: id,
      Name: `/${name}`,
      State: { Running: running, Status: running ? 'running' : 'exited' },
      Config: { Labels: labels, Volumes: {}, Image: image },
      NetworkSettings: { Ports: running && this.#ports !== undefined ? ports(this.#ports) : {} },
    }
  }

  #authority() {
    const file = (path: string) => readFileSync(join(this.options.folder, 'files', path), 'utf8')
    try {
      return { cert: file(CA_CERTIFICATE), key: file(CA_KEY) }
    } catch {
      return undefined
    }
  }
}

function ports({ client, federation }: { client: number; federation: number }) {
  const bound = (port: number) => [{ HostIp: '127.0.0.1', HostPort: String(port) }]
  return { '8008/tcp': bound(client), '8448/tcp': bound(federation) }
}
