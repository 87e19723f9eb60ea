import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfiguredServer } from '../target/configured-server.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { register, type User } from '../target/user.ts'
import { LONG, longTest } from './long.ts'
import { eventually } from './traffic.ts'

/** Both ends are on this machine, and each connection takes a descriptor at both. */
const FILES = Number(
  /Max open files\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
)
const MANY = Math.min(LONG ? 10_000 : 2_000, FILES - 1_000)
const AT_ONCE = 200

let server: ConfiguredServer
let http: HttpClient
let alice: User
let bob: User
let roomId = ''

beforeAll(async () => {
  server = await ConfiguredServer.start()
  http = new HttpClient(server.url)
  alice = await register(http, 'alice')
  bob = await register(http, 'bob')
  roomId = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(roomId)
})

afterAll(async () => {
  http?.close()
  await server?.[Symbol.asyncDispose]()
})

/** Megabytes that the server has in memory. */
function megabytes(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

/** Connections that were opened, a few hundred at a time, and what became of them. */
class Crowd implements Disposable {
  readonly sockets: Socket[] = []
  closed = 0
  bytes = 0

  /** @param greeting what each says first */
  async open(count: number, greeting: string, reads: boolean): Promise<void> {
    for (let opened = 0; opened < count; opened += AT_ONCE) {
      const group = Math.min(AT_ONCE, count - opened)
      await Promise.all(Array.from({ length: group }, () => this.#one(greeting, reads)))
    }
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets) socket.destroy()
  }

  #one(greeting: string, reads: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1')
      this.sockets.push(socket)
      socket.once('error', reject)
      socket.once('close', () => {
        this.closed += 1
      })
      socket.once('connect', () => {
        socket.off('error', reject)
        socket.on('error', () => undefined)
        if (reads) socket.on('data', (chunk: Buffer) => (this.bytes += chunk.length))
        else socket.pause()
        socket.write(greeting, () => resolve())
      })
    })
  }
}

/** The service is there for everybody else: a message, and the sync that brings it. */
async function expectService(what: string, boundMs = 50_000): Promise<void> {
  const began = performance.now()
  const id = await alice.sendText(roomId, what)
  const answer = JSON.stringify(await bob.sync({ timeout: '0' }))
  expect(answer).toContain(id)
  const ms = Math.round(performance.now() - began)
  console.log(`${what}: a message and a sync took ${ms} ms, ${megabytes()} MB`)
  expect(ms).toBeLessThan(boundMs)
}

const request = (path: string, user: User) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${user.token}\r\n\r\n`

test(`${MANY} idle connections`, async () => {
  const before = megabytes()
  using crowd = new Crowd()
  await crowd.open(MANY, request('/_matrix/client/versions', alice), true)
  await expectService(`${MANY} idle connections`)
  expect(crowd.closed).toBe(0)
  expect(megabytes() - before).toBeLessThan(400)
})

test(`${MANY} long polls of two users`, async () => {
  const since = await bob.sync({ timeout: '0' })
  const token = /"next_batch":"([^"]+)"/.exec(JSON.stringify(since))?.[1] ?? ''
  const path = `/_matrix/client/v3/sync?timeout=120000&since=${token}`
  using crowd = new Crowd()
  await crowd.open(MANY / 2, request(path, bob), true)
  await crowd.open(MANY / 2, request(path, alice), true)
  console.log(`${MANY} long polls: ${megabytes()} MB`)
  // the message wakes them all, and each is answered: that many answers take their time
  await expectService(`${MANY} long polls`, Math.max(50_000, MANY * 10))
  await eventually('all are answered', () => crowd.bytes > MANY * 300)
  expect(crowd.closed).toBe(0)
  expect(megabytes()).toBeLessThan(1_200)
})

test('clients that never read their answers', async () => {
  const before = megabytes()
  using crowd = new Crowd()
  const once = request(`/_matrix/client/v3/sync?full_state=true&timeout=0`, bob)
  await crowd.open(200, once.repeat(50), false)
  await expectService('unread answers')
  expect(megabytes() - before).toBeLessThan(500)
})

longTest('half requests are closed in time', async () => {
  using headers = new Crowd()
  using bodies = new Crowd()
  await headers.open(500, 'GET /_matrix/client/versions HTTP/1.1\r\nHost: local', true)
  const start = `POST /_matrix/client/v3/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{`
  await bodies.open(500, start, true)
  await expectService('half requests')
  await eventually('half headers are closed', () => headers.closed === 500, 90_000)
  await eventually('half bodies are closed', () => bodies.closed === 500, 180_000)
})
