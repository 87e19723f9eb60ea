import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Place } from './delivery/chain-state.ts'
import { Cluster } from './delivery/cluster.ts'
import { inspectChain, inspectOrder } from './delivery/inspect-chains.ts'
import { inspectToken, NOWHERE } from './delivery/inspect-token.ts'
import { injectFaults } from './delivery/inject.ts'
import { until } from './delivery/until.ts'
import { plansOf, repeating } from './delivery/plans.ts'
import type { Reader } from './delivery/reader.ts'
import { Rng } from './delivery/rng.ts'
import { ScatteredHttp } from './delivery/scattered-http.ts'
import { Violations } from './delivery/violations.ts'
import { wakeEverybody } from './delivery/wake-ups.ts'
import { createWorld, type World } from './delivery/world.ts'

const plans = plansOf(process.env)
/** Tokens that are tried in the end; a long run tries them all. */
const TOKENS = plans.length > 1 ? Infinity : 150
const PARALLEL = 4
const REPEATED = 200
const DRAIN_MS = 120_000
/** Messages sent, and tokens given to each reader, in a run on a busy machine. */
const LEAST = 40
/** How much longer than the faults such a machine may take for them. */
const OVERTIME_MS = 180_000
/** The limit is far above what a wake-up takes, and below the time that a long poll lasts. */
const WAKE_UPS = { times: 100, limitMs: 7_000 }

describe.each(plans)('seed $seed, $processes + $joining processes', (plan) => {
  const rng = new Rng(plan.seed)
  const violations = new Violations()
  let cluster: Cluster
  let http: ScatteredHttp
  let world: World

  beforeAll(async () => {
    cluster = await Cluster.start(plan.processes, violations)
    http = new ScatteredHttp(cluster.servers, rng.fork())
    world = await createWorld(http, rng.fork(), violations)
  })

  afterAll(async () => {
    http?.close()
    await cluster?.[Symbol.asyncDispose]()
  })

  /** Fails with everything that went wrong, the seed, and the servers' last words. */
  function expectNoViolations(): void {
    const text = violations.take()
    if (text === undefined) return
    const logs = cluster.servers.map(({ url, output }) => `${url}:\n${output.slice(-3_000)}`)
    expect.fail([repeating(plan), text, ...logs].join('\n\n'))
  }

  test(`${plan.rounds} faults lose nothing and repeat nothing on any chain`, async () => {
    const stop = new AbortController()
    const working = [...world.writers, ...world.readers].map((client) => client.run(stop.signal))
    const injected = await injectFaults(cluster, plan, rng.fork())
      .then(async (done) => {
        await until(() => hasWorked(world, plan.rounds), OVERTIME_MS)
        return done
      })
      .finally(() => stop.abort())
    expect(injected.kinds).toHaveLength(plan.rounds)
    expect(injected.cut).toBeGreaterThan(0)
    await Promise.all(working)
    // what did hardly anything proves nothing
    expect(hasWorked(world, plan.rounds), JSON.stringify(volume(world))).toBe(true)
    console.log(JSON.stringify(volume(world)))

    await Promise.all(world.writers.map((writer) => writer.finish()))
    await Promise.all(world.readers.map((reader) => drain(world, reader)))
    for (const reader of world.readers) {
      for (const wrong of inspectChain(world, reader.state)) {
        violations.add(`${reader.user.userId}: ${wrong}`)
      }
    }
    for (const wrong of inspectOrder(world)) violations.add(wrong)
    expectNoViolations()
  })

  test('every token that was ever issued delivers each later item exactly once', async () => {
    for (const reader of world.readers) {
      const places = new Map(reader.issued.map((place) => [nameOf(place), place]))
      const sample = evenly([...places.values()], TOKENS / world.readers.length)
      await inParallel([NOWHERE, ...sample], async (place) => {
        for (const wrong of await inspectToken(world, reader, place)) violations.add(wrong)
      })
    }
    expectNoViolations()
  })

  test('what is written through one server wakes the long polls at all of them', async () => {
    const slowestMs = await wakeEverybody(world, rng.fork(), WAKE_UPS)
    if (slowestMs > WAKE_UPS.limitMs) violations.add(`a long poll slept on for ${slowestMs} ms`)
    expectNoViolations()
  })

  test('a repeated transaction id stands for the same event', async () => {
    for (const writer of world.writers) {
      const own = world.promises.messagesOf(writer.user.userId)
      await inParallel(evenly(own, REPEATED / world.writers.length), (sent) => writer.repeat(sent))
    }
    const [reader] = world.readers
    await reader?.calmStep(0)
    for (const wrong of inspectChain(world, reader?.state ?? expect.fail('nobody read'))) {
      violations.add(wrong)
    }
    expectNoViolations()
  })
})

/** Everybody has written and read enough for a proof. */
function hasWorked({ promises, writers, readers }: World, rounds: number): boolean {
  return (
    promises.messages.length > LEAST &&
    readers.every(({ issued }) => issued.length > LEAST) &&
    writers.every(({ user }) => promises.messagesOf(user.userId).length > rounds)
  )
}

/** For whoever compares runs; shown with `--silent=false`. */
function volume({ promises, readers }: World) {
  return {
    messages: promises.messages.length,
    toDevice: [...promises.toDevice.values()],
    receipts: [...promises.receipts.values()],
    accountData: Array.from(promises.accountData.values(), ({ n }) => n),
    tokens: readers.map(({ issued }) => issued.length),
  }
}

async function drain(world: World, reader: Reader): Promise<void> {
  await until(async () => {
    await reader.calmStep(0)
    return inspectChain(world, reader.state).length === 0
  }, DRAIN_MS)
  // confirms the last answer; nothing may come with it
  await reader.calmStep(0)
}

/** The same token may only stand for the same messages; where it does not, each is tried. */
function nameOf({ token, counts, extra }: Place): string {
  return `${token} ${counts.values().reduce((a, b) => a + b, extra.size)}`
}

function evenly<T>(values: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.ceil(values.length / count))
  return values.filter((_, index) => index % step === 0)
}

async function inParallel<T>(values: readonly T[], work: (value: T) => Promise<void>) {
  const queue = values.values()
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const value of queue) await work(value)
    }),
  )
}
