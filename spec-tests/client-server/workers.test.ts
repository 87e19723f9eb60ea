import { readdirSync, readlinkSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at, listAt, stringAt } from '../target/json.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { startServer, type Target } from '../target/server.ts'
import { expectOk, register, User } from '../target/user.ts'

const WORKERS = 2
let target: Target
const clients: HttpClient[] = []

beforeAll(async () => {
  target = await startServer({ args: ['--workers', String(WORKERS)] })
})
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})
afterAll(async () => {
  await target[Symbol.asyncDispose]()
})

/** A client with one connection; it stays with the worker that it was given to. */
function connection(): HttpClient {
  const client = new HttpClient(target.url, { maxSockets: 1 })
  clients.push(client)
  return client
}

const workerPids = () => target.pids().servers.slice(1)

/** Connections to different workers. */
async function pair(): Promise<[HttpClient, HttpClient]> {
  const found: (HttpClient | undefined)[] = [undefined, undefined]
  // after a replacement the new worker gets the first ones, until both have as many
  for (let n = 0; n < 100; n += 1) {
    const before = socketCounts()
    const client = connection()
    await client.request('GET', '/_matrix/client/versions')
    const place = socketCounts().findIndex((count, k) => count > (before[k] ?? 0))
    found[place] = client
    const [one, two] = found
    if (one !== undefined && two !== undefined) return [one, two]
  }
  throw new Error('All connections went to one worker.')
}

/** Open sockets of each worker. */
function socketCounts(): number[] {
  return workerPids().map((pid) => {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).filter((fd) => linkOf(`${folder}/${fd}`).startsWith('socket:'))
      .length
  })
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return 'closed meanwhile'
  }
}

/** The same account over another connection. */
const through = (http: HttpClient, { userId, token, deviceId }: User) =>
  new User(http, userId, token, deviceId)

const room = (id: string) => `/_matrix/client/v3/rooms/${encodeURIComponent(id)}`

describe.skipIf(process.platform !== 'linux')('two workers behind one address', () => {
  test('who registers on one is known on the other, and so is what they do there', async () => {
    const [one, two] = await pair()
    const alice = await register(one, 'alice')
    const elsewhere = through(two, alice)
    const id = await elsewhere.createRoom({ name: 'made on the other' })
    expect(at(expectOk(await alice.call('GET', `${room(id)}/state/m.room.name`)), 'name')).toBe(
      'made on the other',
    )
    const events = [await alice.sendText(id, 'one'), await elsewhere.sendText(id, 'two', 'same')]
    // a repeated transaction is recognised wherever it comes
    expect(await alice.sendText(id, 'two', 'same')).toBe(events[1])
    const page = expectOk(await elsewhere.call('GET', `${room(id)}/messages?dir=b&limit=2`))
    expect(listAt(page, 'chunk').map((event) => at(event, 'event_id'))).toEqual(events.toReversed())
  })

  test('authentication that begins on one worker is completed on the other', async () => {
    const [one, two] = await pair()
    const path = '/_matrix/client/v3/register'
    const body = { username: 'dora', password: 'password of dora' }
    const begun = await one.request('POST', path, { body })
    const auth = { type: 'm.login.dummy', session: stringAt(begun.body, 'session') }
    expectOk(await two.request('POST', path, { body: { ...body, auth } }))
  })

  test('a sync on one worker is woken by a message and by typing on the other', async () => {
    const [one, two] = await pair()
    const bob = await register(one, 'bob')
    const elsewhere = through(two, bob)
    const id = await bob.createRoom()
    let since = stringAt(await elsewhere.sync(), 'next_batch')
    const waiting = elsewhere.sync({ since, timeout: '30000' })
    await bob.sendText(id, 'wake up')
    const woken = await waiting
    expect(at(listAt(woken, 'rooms', 'join', id, 'timeline', 'events')[0], 'content', 'body')).toBe(
      'wake up',
    )
    since = stringAt(woken, 'next_batch')
    const next = elsewhere.sync({ since, timeout: '30000' })
    const typing = `${room(id)}/typing/${encodeURIComponent(bob.userId)}`
    expectOk(await bob.call('PUT', typing, { typing: true, timeout: 20_000 }))
    expect(listAt(await next, 'rooms', 'join', id, 'ephemeral', 'events')).toContainEqual({
      type: 'm.typing',
      content: { user_ids: [bob.userId] },
    })
  })

  test('a sync that waits on one worker ends when its device signs out on the other', async () => {
    const [one, two] = await pair()
    const carol = await register(one, 'carol')
    const elsewhere = through(two, carol)
    const since = stringAt(await elsewhere.sync(), 'next_batch')
    const waiting = elsewhere.call('GET', `/_matrix/client/v3/sync?since=${since}&timeout=30000`)
    expectOk(await carol.call('POST', '/_matrix/client/v3/logout', {}))
    expect((await waiting).status).toBe(401)
    const after = await elsewhere.call('GET', '/_matrix/client/v3/account/whoami')
    expect(at(after.body, 'errcode')).toBe('M_UNKNOWN_TOKEN')
  })

  test('connections are dealt evenly', async () => {
    const before = socketCounts()
    const opened = Array.from({ length: 20 }, connection)
    await Promise.all(opened.map((client) => client.request('GET', '/_matrix/client/versions')))
    const [one = 0, two = 0] = socketCounts().map((count, place) => count - (before[place] ?? 0))
    // connections of earlier tests may end meanwhile
    expect(one + two).toBeGreaterThanOrEqual(16)
    expect(Math.abs(one - two)).toBeLessThanOrEqual(2)
    for (const client of opened) client.close()
  })

  test('a stopped worker costs the connections that it has; new ones go to the other', async () => {
    const [stopped = 0] = workerPids()
    process.kill(stopped, 'SIGSTOP')
    try {
      let answered = 0
      // the first few may be given to it before its silence is noticed
      await expect
        .poll(
          async () => {
            const client = connection()
            const answer = client.request('GET', '/health', { timeoutMs: 1_000 })
            answered += await answer.then(({ status }) => Number(status === 200)).catch(() => 0)
            client.close()
            return answered
          },
          { timeout: 30_000 },
        )
        .toBeGreaterThanOrEqual(5)
    } finally {
      process.kill(stopped, 'SIGCONT')
    }
    expect(workerPids()).toContain(stopped)
  })

  test('a worker killed under load is replaced; clients lose connections, nothing else', async () => {
    const dave = await register(connection(), 'dave')
    const id = await dave.createRoom()
    const [killed = 0] = workerPids()
    const load = new AbortController()
    const statuses = new Set<number>()
    const sent: string[] = []
    const writers = Array.from({ length: 6 }, async (_, n) => {
      const http = connection()
      for (let k = 0; !load.signal.aborted;) {
        const path = `${room(id)}/send/m.room.message/w${n}k${k}`
        const body = { msgtype: 'm.text', body: `${n} ${k}` }
        try {
          const answer = await http.request('PUT', path, { token: dave.token, body })
          statuses.add(answer.status)
          sent.push(stringAt(expectOk(answer), 'event_id'))
          k += 1
        } catch (error) {
          // the connection went with its worker: the same again, through another
          if (!(error instanceof Error && 'code' in error)) throw error
        }
      }
    })
    await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(30)
    process.kill(killed, 'SIGKILL')
    await expect.poll(() => workerPids(), { timeout: 30_000 }).not.toContain(killed)
    expect(workerPids()).toHaveLength(WORKERS)
    const so = sent.length
    await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(so + 30)
    load.abort()
    await Promise.all(writers)
    expect([...statuses]).toEqual([200])
    expect(new Set(sent).size).toBe(sent.length)
    const stored = await allEvents(dave, id)
    expect(sent.filter((eventId) => !stored.has(eventId))).toEqual([])
    await expectBothServe()
  })

  test('a worker that is asked to end finishes what it has, and is replaced', async () => {
    const [one, two] = await pair()
    const erin = await register(one, 'erin')
    const others = [erin, through(two, erin)]
    const since = stringAt(await erin.sync(), 'next_batch')
    const polls = others.map((user) => user.sync({ since, timeout: '3000' }))
    // who answers these has read those
    await pair()
    const [ended = 0] = workerPids()
    process.kill(ended, 'SIGTERM')
    // one of the two waited there and is answered at once, the other at its timeout
    for (const poll of polls) expect(placeOf(await poll)).toBe(since.split('_x')[0])
    await expect.poll(() => workerPids(), { timeout: 30_000 }).not.toContain(ended)
    await expectBothServe()
  })
})

/** The next two connections get to different workers, old or new, and are answered. */
async function expectBothServe(): Promise<void> {
  const clientsNow = Array.from({ length: 2 * WORKERS }, connection)
  for (const client of clientsNow) {
    expect((await client.request('GET', '/health')).status).toBe(200)
  }
}

/** The ids of all events of a room, paged backwards. */
async function allEvents(user: User, id: string): Promise<Set<unknown>> {
  const found = new Set<unknown>()
  for (let from: unknown = undefined; ;) {
    const place = typeof from === 'string' ? `&from=${from}` : ''
    const page = expectOk(await user.call('GET', `${room(id)}/messages?dir=b&limit=500${place}`))
    for (const event of listAt(page, 'chunk')) found.add(at(event, 'event_id'))
    from = at(page, 'end')
    if (from === undefined) return found
  }
}

describe('the end of a server with workers', () => {
  test('SIGTERM under load drains: waiting syncs are answered, nothing is left running', async () => {
    const server = await startServer({ args: ['--workers', '2'] })
    const http = new HttpClient(server.url)
    const users = await Promise.all(['frank', 'grace', 'heidi'].map((name) => register(http, name)))
    const tokens = await Promise.all(users.map((user) => user.sync()))
    const waiting = users.map((user, n) =>
      user.sync({ since: stringAt(tokens[n], 'next_batch'), timeout: '60000' }),
    )
    // two more connections, one to each worker: who answers these has read those
    await Promise.all([1, 2].map(() => http.request('GET', '/_matrix/client/versions')))
    const { servers, postgres } = server.pids()
    expect(servers).toHaveLength(3)
    expect(await server.stop()).toBe(0)
    for (const [n, answer] of (await Promise.all(waiting)).entries()) {
      expect(placeOf(answer)).toBe(placeOf(tokens[n]))
    }
    expect([...servers, postgres].filter(alive)).toEqual([])
    http.close()
    await server[Symbol.asyncDispose]()
  })

  test('when the supervising process is killed its workers end too', async () => {
    const server = await startServer({ args: ['--workers', '2'] })
    const { server: supervisor, servers, postgres } = server.pids()
    process.kill(supervisor, 'SIGKILL')
    await server.exited
    await expect.poll(() => servers.filter(alive), { timeout: 20_000 }).toEqual([])
    process.kill(postgres, 'SIGTERM')
    await expect.poll(() => alive(postgres), { timeout: 20_000 }).toBe(false)
    await server[Symbol.asyncDispose]()
  })
})

/** Where a sync ended in the log; what follows it is the worker's own. */
const placeOf = (answer: unknown) => stringAt(answer, 'next_batch').split('_x')[0]

/** Where nobody reaps them, dead processes keep their ids; but they run no program. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !linkOf(`/proc/${pid}/exe`).startsWith('closed')
}
