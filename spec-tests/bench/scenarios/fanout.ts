import { CpuMeter, type Measurement, type Watched } from '../measurement.ts'
import { Samples } from '../samples.ts'
import { type User, register } from '../../target/user.ts'
import { at, listAt, stringAt } from '../../target/json.ts'
import type { Http } from '../../target/matrix-client.ts'

const MESSAGES = 20
const INTERVAL_MS = 250
const GRACE_MS = 15_000

/** N users long-poll one room; latency runs from just before the PUT to the receiver's parsed answer. */
export async function fanout(
  http: Http,
  watched: Watched,
  options: { run: string; receivers: number },
): Promise<Omit<Measurement, 'scenario' | 'server'>> {
  const sender = await register(http, `bench-fan-${options.run}-sender`)
  const room = await sender.createRoom({ preset: 'public_chat' })
  const receivers: Receiver[] = []
  for (let n = 0; n < options.receivers; n += 1) {
    const user = await register(http, `bench-fan-${options.run}-${n}`)
    await user.join(room)
    receivers.push(new Receiver(user, room))
  }
  for (const receiver of receivers) await receiver.prepare()
  const sentAt = new Map<string, number>()
  const samples = new Samples()
  const stop = new AbortController()
  const loops = receivers.map((receiver) => receiver.run(sentAt, samples, stop.signal))
  await pause(500)

  const meter = new CpuMeter(watched)
  let errors = 0
  for (let n = 0; n < MESSAGES; n += 1) {
    const body = `fan-out ${options.run} ${n}`
    sentAt.set(body, performance.now())
    await sender.sendText(room, body).catch(() => (errors += 1))
    await pause(INTERVAL_MS)
  }
  const expected = MESSAGES * receivers.length
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
  return {
    clients: receivers.length,
    n: samples.count,
    rate: null,
    p50: samples.percentile(50),
    p99: samples.percentile(99),
    errors: errors + ended.reduce((sum, failures) => sum + failures, 0),
    lost: expected - distinct,
    duplicates,
    ...cpu,
  }
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
