import { at, listAt, stringAt } from '../../target/json.ts'
import { DockerError } from './docker-error.ts'
import type { Engine } from './engine.ts'
import { changedLabels, labelFilter, labelsOf } from './labels.ts'

/** A request to the Docker Engine API, without the version in front of its path. */
export interface DockerRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Buffer
}

export interface DockerReply {
  readonly status: number
  /** Sent as it is when it is bytes, as JSON otherwise; absent: no body. */
  readonly body?: unknown
}

type Handler = (engine: Engine, request: DockerRequest, id: string) => Promise<DockerReply>

const json = ({ body }: DockerRequest): unknown => JSON.parse(body.toString() || '{}')
const DONE: DockerReply = { status: 204 }

const onContainer =
  (
    work: (container: ReturnType<Engine['container']>, request: DockerRequest) => unknown,
  ): Handler =>
  async (engine, request, id) => {
    await work(engine.container(id), request)
    return DONE
  }

/** The calls that the suite makes, each with its method and path. */
const ROUTES: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['HEAD', /^\/_ping$/, () => Promise.resolve({ status: 200 })],
  ['GET', /^\/_ping$/, () => Promise.resolve({ status: 200, body: Buffer.from('OK') })],
  ['GET', /^\/containers\/json$/, listContainers],
  ['GET', /^\/images\/json$/, listImages],
  ['GET', /^\/networks$/, listNetworks],
  ['POST', /^\/networks\/create$/, createNetwork],
  ['DELETE', /^\/networks\/([^/]+)$/, removeNetwork],
  ['POST', /^\/containers\/create$/, createContainer],
  ['PUT', /^\/containers\/([^/]+)\/archive$/, addFiles],
  ['POST', /^\/containers\/([^/]+)\/start$/, onContainer((container) => container.start())],
  ['POST', /^\/containers\/([^/]+)\/stop$/, onContainer((container) => container.stop())],
  ['POST', /^\/containers\/([^/]+)\/kill$/, onContainer((container) => container.stop('SIGKILL'))],
  ['POST', /^\/containers\/([^/]+)\/pause$/, onContainer((c) => c.signal('SIGSTOP'))],
  ['POST', /^\/containers\/([^/]+)\/unpause$/, onContainer((c) => c.signal('SIGCONT'))],
  ['GET', /^\/containers\/([^/]+)\/json$/, inspect],
  ['GET', /^\/containers\/([^/]+)\/logs$/, logs],
  ['DELETE', /^\/containers\/([^/]+)$/, removeContainer],
  ['POST', /^\/commit$/, commit],
  ['DELETE', /^\/images\/(.+)$/, removeImage],
]

/** @throws {DockerError} 404 for a call that is not known here */
export async function route(engine: Engine, request: DockerRequest): Promise<DockerReply> {
  for (const [method, pattern, handler] of ROUTES) {
    const match = request.method === method ? pattern.exec(request.path) : null
    if (match !== null) return await handler(engine, request, decodeURIComponent(match[1] ?? ''))
  }
  throw new DockerError(404, `This host does not know ${request.method} ${request.path}`)
}

function listContainers(engine: Engine, { query }: DockerRequest): Promise<DockerReply> {
  const matches = labelFilter(query.get('filters'))
  const body = Array.from(engine.containers.values(), ({ options }) => options)
    .filter(({ labels }) => matches(labels))
    .map(({ id, name, labels }) => ({ Id: id, Names: [`/${name}`], Labels: labels }))
  return Promise.resolve({ status: 200, body })
}

function listImages(engine: Engine, { query }: DockerRequest): Promise<DockerReply> {
  const matches = labelFilter(query.get('filters'))
  const body = Array.from(engine.images.values())
    .filter(({ labels }) => matches(labels))
    .map(({ id, tag, labels }) => ({ Id: `sha256:${id}`, RepoTags: [tag], Labels: labels }))
  return Promise.resolve({ status: 200, body })
}

function listNetworks(engine: Engine, { query }: DockerRequest): Promise<DockerReply> {
  const matches = labelFilter(query.get('filters'))
  const body = Array.from(engine.networks.values())
    .filter(({ labels }) => matches(labels))
    .map(({ id, name, labels }) => ({ Id: id, Name: name, Labels: labels }))
  return Promise.resolve({ status: 200, body })
}

function createNetwork(engine: Engine, request: DockerRequest): Promise<DockerReply> {
  const body = json(request)
  const { id } = engine.createNetwork(stringAt(body, 'Name'), labelsOf(at(body, 'Labels')))
  return Promise.resolve({ status: 201, body: { Id: id, Warning: '' } })
}

function removeNetwork(engine: Engine, _request: DockerRequest, id: string): Promise<DockerReply> {
  engine.networks.delete(id)
  return Promise.resolve(DONE)
}

const SERVER_NAME = 'SERVER_NAME='

async function createContainer(engine: Engine, request: DockerRequest): Promise<DockerReply> {
  const body = json(request)
  const variable = listAt(body, 'Env')
    .map(String)
    .find((line) => line.startsWith(SERVER_NAME))
  if (variable === undefined) throw new DockerError(400, 'SERVER_NAME is missing')
  const { options } = await engine.createContainer(
    request.query.get('name') ?? '',
    stringAt(body, 'Image'),
    labelsOf(at(body, 'Labels')),
    variable.slice(SERVER_NAME.length),
  )
  return { status: 201, body: { Id: options.id, Warnings: [] } }
}

function addFiles(engine: Engine, { body }: DockerRequest, id: string): Promise<DockerReply> {
  engine.container(id).addFiles(body)
  return Promise.resolve({ status: 200 })
}

function inspect(engine: Engine, _request: DockerRequest, id: string): Promise<DockerReply> {
  return Promise.resolve({ status: 200, body: engine.container(id).inspect() })
}

/** In Docker's framing: a header of eight bytes, whose last four are the length, then the text. */
function logs(engine: Engine, _request: DockerRequest, id: string): Promise<DockerReply> {
  const text = engine.container(id).logs()
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(text.length, 4)
  return Promise.resolve({ status: 200, body: Buffer.concat([header, text]) })
}

async function removeContainer(engine: Engine, _request: DockerRequest, id: string) {
  await engine.removeContainer(id)
  return DONE
}

async function commit(engine: Engine, { query }: DockerRequest): Promise<DockerReply> {
  const tag = `${query.get('repo') ?? ''}:${query.get('tag') ?? 'latest'}`
  const labels = changedLabels(query.getAll('changes'))
  const image = await engine.commit(query.get('container') ?? '', tag, labels)
  return { status: 201, body: { Id: `sha256:${image.id}` } }
}

async function removeImage(engine: Engine, _request: DockerRequest, id: string) {
  await engine.removeImage(id)
  return { status: 200, body: [] }
}
