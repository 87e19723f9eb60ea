import { createServer, type IncomingMessage } from 'node:http'
import { at, ok, text, type TestUser } from '../harness/user.ts'

/** How the gateway answers a notification. */
export type Answer = (notification: unknown, nth: number) => { status: number; body: unknown }

export const accept: Answer = () => ({ status: 200, body: { rejected: [] } })

/** A real push gateway over HTTP that keeps what it was told. */
export interface Gateway extends AsyncDisposable {
  readonly url: string
  /** The `notification` of each request, in the order in which they came. */
  readonly told: unknown[]
  answer: Answer
  /** The notifications, once there are at least so many. */
  until(count: number): Promise<readonly unknown[]>
}

export async function startGateway(): Promise<Gateway> {
  const watchers = new Set<() => void>()
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const notification = at(JSON.parse(body), 'notification')
      gateway.told.push(notification)
      const { status, body: answer } = gateway.answer(notification, gateway.told.length)
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(answer))
      for (const watcher of watchers) watcher()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const gateway: Gateway = {
    url: `http://127.0.0.1:${port}/_matrix/push/v1/notify`,
    told: [],
    answer: accept,
    until(count) {
      return new Promise((resolve) => {
        const look = () => {
          if (gateway.told.length < count) return
          watchers.delete(look)
          resolve(gateway.told)
        }
        watchers.add(look)
        look()
      })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return gateway
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A valid body of `POST /pushers/set`. */
export const pusher = (url: string, change: Readonly<Record<string, unknown>> = {}) => ({
  kind: 'http',
  app_id: 'org.example.app',
  pushkey: 'key',
  app_display_name: 'App',
  device_display_name: 'Phone',
  lang: 'en',
  data: { url },
  ...change,
})

export async function setPusher(
  user: TestUser,
  url: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  ok(await user.call('POST', '/pushers/set', pusher(url, change)))
}

/** The event IDs of notifications. */
export const eventIds = (told: readonly unknown[]): unknown[] =>
  told.map((notification) => at(notification, 'event_id'))

export async function send(
  user: TestUser,
  room: string,
  content: Readonly<Record<string, unknown>>,
  type = 'm.room.message',
): Promise<string> {
  sent += 1
  const path = `/rooms/${encodeURIComponent(room)}/send/${type}/push${sent}`
  return text(ok(await user.call('PUT', path, content)), 'event_id')
}
let sent = 0
