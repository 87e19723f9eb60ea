import { Samples } from './samples.ts'

export { pause } from '../target/pause.ts'

/** A closed load: each client awaits its answer before it asks again. */
export interface ClosedLoop {
  readonly clients: number
  readonly seconds: number
  /** It goes on beyond `seconds` until so many requests were made. */
  readonly atLeast: number
  /** A client stops after so many even if time is left. */
  readonly perClient?: number
  /** `n` counts each client's requests from 0. */
  work(client: number, n: number): Promise<void>
}

export interface LoopResult {
  /** Of the requests that succeeded. */
  readonly samples: Samples
  readonly errors: number
  readonly elapsedMs: number
}

export async function closedLoop(loop: ClosedLoop): Promise<LoopResult> {
  const samples = new Samples()
  const failures = new Failures()
  const started = performance.now()
  const isOver = () =>
    performance.now() - started >= loop.seconds * 1000 &&
    samples.count + failures.count >= loop.atLeast
  await inParallel(loop.clients, loop.clients, async (client) => {
    for (let n = 0; n < (loop.perClient ?? Infinity) && !isOver(); n += 1) {
      const asked = performance.now()
      try {
        await loop.work(client, n)
        samples.add(performance.now() - asked)
      } catch (error) {
        failures.add(error)
      }
    }
  })
  return { samples, errors: failures.count, elapsedMs: performance.now() - started }
}

/** Counts failures and says what the first one was. */
export class Failures {
  count = 0

  add(error: unknown): void {
    this.count += 1
    if (this.count === 1) process.stderr.write(`First error: ${String(error)}\n`)
  }
}

/** Does `work` for 0 to `count` - 1, so many at once; the first error ends it. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  work: (n: number) => Promise<T>,
): Promise<T[]> {
  const done: T[] = []
  let next = 0
  const one = async () => {
    while (next < count) {
      const n = next
      next += 1
      done[n] = await work(n)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, one))
  return done
}
