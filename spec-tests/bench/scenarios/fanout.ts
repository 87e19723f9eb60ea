import { inParallel, pause } from '../loops.ts'
import { CpuMeter, NOTHING, type Result } from '../measurement.ts'
import type { Load } from '../options.ts'
import { Samples } from '../samples.ts'
import type { Subject } from '../subject.ts'
import type { User } from '../../target/user.ts'
import { at, listAt, stringAt } from '../../target/json.ts'

const INTERVAL_MS = 250
const WARM_UP_INTERVAL_MS = 100
const GRACE_MS = 15_000
const AT_ONCE = 8

/** N users long-poll one room; latency runs from just before the PUT to the receiver's parsed answer. */
export async function fanout(subject: Subject, load: Load): Promise<Result[]> {
  const sender = await subject.user('sender')
  const room = await sender.createRoom({ preset: 'public_chat' })
  const receivers = await inParallel(load.receivers, AT_ONCE, async () => {
    const user = await subject.user('receiver')
    await user.join(room)
    return new Receiver(user, room)
  })
  await inParallel(receivers.length, AT_ONCE, async (n) => receivers[n]?.prepare())
  const sentAt = new Map<string, number>()
  const samples = new Samples()
  const stop = new AbortController()
  const loops = receivers.map((receiver) => receiver.run(sentAt, samples, stop.signal))
  await pause(500)

  let errors = 0
  // nobody waits for these, so they don't count
  for (let n = 0; n < (load.warmUp * 1000) / WARM_UP_INTERVAL_MS; n += 1) {
    await sender.sendText(room, `warm-up ${n}`).catch(() => (errors += 1))
    await pause(WARM_UP_INTERVAL_MS)
  }
  await pause(500)

  const meter = new CpuMeter(subject.watched())
  for (let n = 0; n < load.texts; n += 1) {
    const body = `fan-out ${n}`
    sentAt.set(body, performance.now())
    await sender.sendText(room, body).catch(() => (errors += 1))
    await pause(INTERVAL_MS)
  }
  const expected = load.texts * receivers.length
  const deadline = performance.now() + GRACE_MS
  while (samples.count < expected && performance.now() < deadline) await pause(50)
  const cpu = meter.perOperation(expected)
  // what arrives twice arrives with the next answers: leave them a moment before counting
  await pause(500)
  stop.abort()
  await sender.sendText(room, 'end').catch(() => (errors += 1))
  const ended = await Promise.all(loops)

  const duplicates = receivers.reduce((sum, receiver) => sum + receiver.duplicates, 0)
  const distinct = receivers.reduce((sum, receiver) => sum + receiver.distinct, 0)
  const result = {
    ...NOTHING,
    clients: receivers.length,
    n: samples.count,
    p50: samples.percentile(50),
    p99: samples.percentile(99),
    errors: errors + ended.reduce((sum, failures) => sum + failures, 0),
    lost: expected - distinct,
    duplicates,
    ...cpu,
  }
  return [result]
}

class Receiver {
  duplicates = 0
  readonly #seen = new Set<string>()
  readonly #user: User
  readonly #room: string
  readonly #filter: string
  #since = ''

  constructor(user: User, room: string) {
    this.#user = user
    this.#room = room
    this.#filter = JSON.stringify({ room: { rooms: [room], timeline: { limit: 50 } } })
  }

  get distinct(): number {
    return this.#seen.size
  }

  async prepare(): Promise<void> {
    this.#since = stringAt(
      await this.#user.sync({ timeout: '0', filter: this.#filter }),
      'next_batch',
    )
  }

  /** Long-polls until told to stop; answers the number of failed requests. */
  async run(
    sentAt: ReadonlyMap<string, number>,
    samples: Samples,
    stop: AbortSignal,
  ): Promise<number> {
    let failures = 0
    while (!stop.aborted) {
      try {
        const query = { since: this.#since, timeout: '10000', filter: this.#filter }
        const body = await this.#user.sync(query)
        const now = performance.now()
        this.#since = stringAt(body, 'next_batch')
        this.#count(body, now, sentAt, samples)
      } catch {
        failures += 1
        await pause(100)
      }
    }
    return failures
  }

  #count(body: unknown, now: number, sentAt: ReadonlyMap<string, number>, samples: Samples): void {
    for (const event of listAt(body, 'rooms', 'join', this.#room, 'timeline', 'events')) {
      const text = at(event, 'content', 'body')
      const sent = typeof text === 'string' ? sentAt.get(text) : undefined
      if (typeof text !== 'string' || sent === undefined) continue
      if (this.#seen.has(text)) this.duplicates += 1
      else samples.add(now - sent)
      this.#seen.add(text)
    }
  }
}
