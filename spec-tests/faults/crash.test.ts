import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HttpClient } from '../target/matrix-client.ts'
import { pause } from '../target/pause.ts'
import { freePort, startServer, type Target } from '../target/server.ts'
import { register, type User } from '../target/user.ts'
import { Journal, repeated } from './journal.ts'
import { LONG } from './long.ts'
import { patiently } from './patiently.ts'
import { owedSince, SyncChain, walkMessages } from './reader.ts'

const ROUNDS = Number(process.env['HEARTH_CRASH_ROUNDS'] ?? '20')
/** Tokens of each reader that are tried in the end. */
const TOKENS = LONG ? 30 : 15
const WRITERS = 6
const READERS = 2
const KINDS = ['server and Postgres', 'server', 'Postgres'] as const
type Kind = (typeof KINDS)[number]

const data = mkdtempSync(join(tmpdir(), 'hearth-crash-'))
const journal = new Journal()
const chains: SyncChain[] = []
const writers: User[] = []
let port = 0
let target: Target
let http: HttpClient
let roomId = ''

beforeAll(async () => {
  port = await freePort()
  target = await startServer({ data, port })
  http = new HttpClient(target.url)
  for (let n = 0; n < WRITERS; n += 1) writers.push(await register(http, `writer${n}`))
  const [owner] = writers
  if (owner === undefined) throw new Error('no writer')
  roomId = await owner.createRoom({ preset: 'public_chat' })
  for (const writer of writers.slice(1)) await writer.join(roomId)
  for (let n = 0; n < READERS; n += 1) {
    const reader = await register(http, `reader${n}`)
    await reader.join(roomId)
    const chain = new SyncChain(reader, roomId)
    await chain.step(0)
    chains.push(chain)
  }
})

afterAll(async () => {
  http?.close()
  await target?.[Symbol.asyncDispose]()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

async function write(writer: User, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const entry = journal.begin(writer)
    while (entry.eventId === undefined && !stop.aborted) {
      try {
        entry.eventId = await writer.sendText(roomId, entry.body, entry.txn)
        await pause(10)
      } catch {
        // no answer: whether the event is there is found out by the retry
        await pause(20)
      }
    }
  }
}

async function read(chain: SyncChain, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await chain.step(300)
    } catch {
      await pause(50)
    }
  }
}

async function crash(kind: Kind): Promise<void> {
  if (kind === 'Postgres') {
    process.kill(target.pids().postgres, 'SIGKILL')
    return
  }
  if (kind === 'server') await target.killServer()
  else await target.killAll()
  target = await startServer({ data, port })
}

/** Waits until the server reads history and takes writes again, at most three minutes. */
async function recovered(): Promise<void> {
  const deadline = performance.now() + 180_000
  const before = journal.acknowledged.length
  for (;;) {
    const alive = await writers[0]
      ?.call('GET', `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages?dir=b`)
      .catch(() => undefined)
    if (alive?.status === 200 && journal.acknowledged.length > before) return
    if (performance.now() > deadline) throw new Error(`No recovery:\n${target.output()}`)
    await pause(50)
  }
}

test.each(Array.from({ length: ROUNDS }, (_, round) => [round + 1, KINDS[round % KINDS.length]]))(
  'round %i: kill -9 of %s loses nothing',
  async (_round, kind) => {
    const stop = new AbortController()
    const loops = [
      ...writers.map((writer) => write(writer, stop.signal)),
      ...chains.map((chain) => read(chain, stop.signal)),
    ]
    await pause(400 + Math.random() * 400)
    const before = journal.acknowledged.length
    if (typeof kind !== 'string') throw new Error('no kind')
    await crash(kind)
    await recovered()
    await pause(300)
    stop.abort()
    await Promise.all(loops)
    expect(journal.acknowledged.length).toBeGreaterThan(before)

    for (const entry of journal.unanswered) {
      const { writer, body, txn } = entry
      entry.eventId = await patiently(() => writer.sendText(roomId, body, txn))
    }
    await expectNothingLost(seen)
  },
)

/** Messages that an earlier round has found. */
const seen = new Set<string>()

/** Compares all messages with the journal, or those that came after the known ones. */
async function expectNothingLost(known: Set<string> = new Set()): Promise<void> {
  const [reader] = writers
  if (reader === undefined) throw new Error('no writer')
  const stored = await walkMessages(reader, roomId, known)
  expect(repeated(stored)).toEqual([])
  const sent = journal.sent.map(({ eventId }) => eventId ?? '')
  expect(repeated(sent)).toEqual([])
  expect(stored.toSorted()).toEqual(sent.filter((id) => !known.has(id)).toSorted())
  for (const id of stored) known.add(id)
}

test('a repeated transaction id returns the event id it stood for', async () => {
  const entries = sample(journal.acknowledged, 300)
  expect(entries.length).toBeGreaterThan(ROUNDS)
  for (const { writer, body, txn, eventId } of entries) {
    expect(await patiently(() => writer.sendText(roomId, body, txn))).toBe(eventId)
  }
  await expectNothingLost()
})

test('every token ever issued delivers each later event exactly once', async () => {
  const [reader] = writers
  if (reader === undefined) throw new Error('no writer')
  const all = (await walkMessages(reader, roomId)).toReversed()
  for (const chain of chains) {
    await chain.catchUp()
    expect(repeated(chain.received)).toEqual([])
    expect(chain.received.toSorted()).toEqual(all.toSorted())
    for (const issued of sample(chain.issued, TOKENS)) {
      const owed = await owedSince(chain.user, roomId, issued.token)
      expect(repeated(owed)).toEqual([])
      expect(owed.toSorted()).toEqual(chain.received.slice(issued.received).toSorted())
    }
  }
})

function sample<T>(values: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(values.length / count))
  return values.filter((_, index) => index % step === 0)
}
