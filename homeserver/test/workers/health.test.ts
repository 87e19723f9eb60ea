import { sql } from 'kysely'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createDb } from '#db/db.ts'
import { createLogger } from '#platform/logger.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'

const health = async (server: TestServer) => (await server.request('GET', '/health')).status

/** A connection on which a request is sent by hand. */
async function open(server: TestServer): Promise<Socket> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}

test('a worker that is cut off from the log is unhealthy, and healthy once it is back', async () => {
  await using server = await startTestServer()
  expect(await health(server)).toBe(200)
  const name = new URL(server.databaseUrl).pathname.slice(1)
  const elsewhere = new URL(server.databaseUrl)
  elsewhere.pathname = '/postgres'
  const admin = createDb({ url: elsewhere.href, logger: createLogger('silent'), size: 1 })
  await sql`ALTER DATABASE ${sql.id(name)} ALLOW_CONNECTIONS false`.execute(admin)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`.execute(
    admin,
  )
  await expect.poll(() => health(server), { timeout: 15_000 }).toBe(503)
  await sql`ALTER DATABASE ${sql.id(name)} ALLOW_CONNECTIONS true`.execute(admin)
  // by itself: nobody sends anything to a worker that its load balancer has taken out
  await expect.poll(() => health(server), { timeout: 15_000 }).toBe(200)
  await admin.destroy()
}, 60_000)

test('a worker that stands still in the log is unhealthy although its connections are', async () => {
  await using server = await startTestServer()
  // the tail's statement waits for the lock, as it would behind a stuck disk
  const blocker = createDb({ url: server.databaseUrl, logger: createLogger('silent'), size: 1 })
  await blocker.connection().execute(async (connection) => {
    await sql`BEGIN; LOCK TABLE stream IN ACCESS EXCLUSIVE MODE`.execute(connection)
    await expect.poll(() => health(server), { timeout: 19_000, interval: 200 }).toBe(503)
    await sql`ROLLBACK`.execute(connection)
  })
  await expect.poll(() => health(server), { timeout: 15_000 }).toBe(200)
  await blocker.destroy()
}, 60_000)

test('while it drains, a server says so and tells clients to go elsewhere', async () => {
  const server = await startTestServer()
  const socket = await open(server)
  const answer = text(socket)
  // half a request keeps the connection in use
  socket.write('GET /health HTTP/1.1\r\nHost: a\r\n')
  const other = await open(server)
  const first = new Promise<Buffer>((resolve) => other.once('data', resolve))
  other.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(String(await first)).toMatch(/^HTTP\/1.1 200 /)
  const closing = server[Symbol.asyncDispose]()
  socket.write('\r\n')
  expect(await answer).toMatch(/^HTTP\/1.1 503 [^]*Connection: close\r\n[^]*"status":"draining"/)
  await closing
  other.destroy()
})
