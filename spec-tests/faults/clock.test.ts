import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfiguredServer } from '../target/configured-server.ts'
import { at, listAt, stringAt } from '../target/json.ts'
import { HttpClient } from '../target/matrix-client.ts'
import { register, type User } from '../target/user.ts'
import { LONG } from './long.ts'
import { pause } from '../target/pause.ts'
import { eventually } from './traffic.ts'

const HOUR_MS = 3_600_000
/** How exact a timestamp can be expected on a busy machine, in milliseconds. */
const SLACK_MS = 60_000
const JUMPS = [5 * HOUR_MS, -10 * HOUR_MS, ...(LONG ? [72 * HOUR_MS, -67 * HOUR_MS] : [])]

/** A server whose wall clock can be set. */
class ClockedServer implements AsyncDisposable {
  readonly http: HttpClient
  readonly #server: ConfiguredServer
  readonly #folder: string
  #offset = 0

  private constructor(server: ConfiguredServer, folder: string) {
    this.#server = server
    this.#folder = folder
    this.http = new HttpClient(server.url)
  }

  static async start(options: { noRateLimits: boolean }): Promise<ClockedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-clock-'))
    writeFileSync(join(folder, 'offset'), '0')
    const preload = new URL('./shifted-clock.mjs', import.meta.url).href
    const server = await ConfiguredServer.start({
      ...options,
      env: { NODE_OPTIONS: `--import=${preload}`, HEARTH_TEST_CLOCK: join(folder, 'offset') },
    })
    return new ClockedServer(server, folder)
  }

  /** What the server's wall clock should say. */
  get now(): number {
    return Date.now() + this.#offset
  }

  /** Sets the clock and waits until an event shows that the server has noticed. */
  async jump(ms: number, user: User, roomId: string): Promise<void> {
    this.#offset += ms
    // renamed, so that it is never read half written
    writeFileSync(join(this.#folder, 'next'), String(this.#offset))
    renameSync(join(this.#folder, 'next'), join(this.#folder, 'offset'))
    await eventually('the clock jumps', async () => {
      const id = await user.sendText(roomId, 'tick')
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/event/${id}`
      const { body } = await user.call('GET', path)
      return Math.abs(Number(at(body, 'origin_server_ts')) - this.now) < SLACK_MS
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.http.close()
    await this.#server[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true })
  }
}

test('jumps of the clock, back and forth by hours', async () => {
  await using server = await ClockedServer.start({ noRateLimits: true })
  const alice = await register(server.http, 'alice')
  const bob = await register(server.http, 'bob')
  const roomId = await alice.createRoom({ preset: 'public_chat' })
  const elsewhere = await alice.createRoom()
  await bob.join(roomId)
  let since = stringAt(await bob.sync(), 'next_batch')
  let last = ''
  for (const jump of JUMPS) {
    const first = await alice.sendText(roomId, 'before', `around${jump}`)
    // woken by what its filter drops, a long poll has to work out how long it still may wait
    const filter = JSON.stringify({ room: { timeline: { types: ['org.example.none'] } } })
    const from = stringAt(await bob.sync({ since, filter, timeout: '0' }), 'next_batch')
    const began = performance.now()
    const poll = bob.sync({ since: from, filter, timeout: '1500' })
    await pause(100)
    await server.jump(jump, alice, elsewhere)
    await alice.sendText(roomId, 'wakes in vain')
    expect(listAt(await poll, 'rooms')).toEqual([])
    const waited = performance.now() - began
    expect(waited).toBeGreaterThan(1400)
    expect(waited).toBeLessThan(60_000)

    // a transaction is remembered, tokens go on, sessions are good
    expect(await alice.sendText(roomId, 'before', `around${jump}`)).toBe(first)
    last = await alice.sendText(roomId, 'after')
    const answer = await bob.sync({ since, timeout: '0' })
    const events = listAt(answer, 'rooms', 'join', roomId, 'timeline', 'events')
    const ids = events.map((event) => stringAt(event, 'event_id'))
    expect(ids).toContain(first)
    expect(ids.at(-1)).toBe(last)
    const [ts] = events.slice(-1).map((event) => Number(at(event, 'origin_server_ts')))
    expect(Math.abs((ts ?? 0) - server.now)).toBeLessThan(SLACK_MS)
    since = stringAt(answer, 'next_batch')
  }
  expect((await bob.call('GET', '/_matrix/client/v3/account/whoami')).status).toBe(200)
  expect((await server.http.request('GET', '/health')).status).toBe(200)
})

test('a clock that is set back makes nobody wait for hours', async () => {
  await using server = await ClockedServer.start({ noRateLimits: false })
  const alice = await register(server.http, 'alice')
  const roomId = await alice.createRoom()
  const other = await register(server.http, 'other')
  const ticks = await other.createRoom()
  const refusal = async () => {
    for (;;) {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/typing/${alice.userId}`
      const answer = await alice.call('PUT', path, { typing: true, timeout: 1000 })
      if (answer.status === 429) return Number(at(answer.body, 'retry_after_ms'))
      expect(answer.status).toBe(200)
    }
  }
  expect(await refusal()).toBeLessThanOrEqual(30_000)
  await server.jump(-5 * HOUR_MS, other, ticks)
  expect(await refusal()).toBeLessThanOrEqual(30_000)
})
