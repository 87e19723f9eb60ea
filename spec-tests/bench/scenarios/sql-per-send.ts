import { Database, type SqlCounts } from '../database.ts'
import { pause } from '../loops.ts'
import type { Result } from '../measurement.ts'
import type { Load } from '../options.ts'
import { round } from '../samples.ts'
import type { Subject } from '../subject.ts'
import { askAgain, idleUser } from './idle-sync.ts'
import { Senders } from './send.ts'

const CLIENTS = [32]
/** A Postgres process that has nothing to do reports its counts after ten seconds. */
const SETTLE_SECONDS = 11

/** What Postgres counts while messages are sent and while idle users sync, for each of them. */
export async function sqlPerSend(subject: Subject, load: Load): Promise<Result[]> {
  await using counter = await SqlCounter.open(subject, load.settle ?? SETTLE_SECONDS)
  const results: Result[] = []
  for (const clients of load.clients ?? CLIENTS) {
    const senders = await Senders.prepare(1, subject, clients, load)
    const sent = await counter.during(() => senders.run(load))
    results.push({ ...sent, what: 'send' })
  }
  const idle = await idleUser(subject, load)
  const asked = await counter.during(() => askAgain(subject, load, idle))
  return [...results, { ...asked, what: 'idle-sync' }]
}

class SqlCounter implements AsyncDisposable {
  readonly #database: Database | undefined
  readonly #settleMs: number

  private constructor(database: Database | undefined, settleMs: number) {
    this.#database = database
    this.#settleMs = settleMs
  }

  static async open({ databaseUrl }: Subject, settleSeconds: number): Promise<SqlCounter> {
    const database = databaseUrl === undefined ? undefined : await Database.connect(databaseUrl)
    return new SqlCounter(database, settleSeconds * 1000)
  }

  /** The result of a run with its counts for each operation; null where nobody counts. */
  async during(run: () => Promise<Result>): Promise<Result> {
    const before = await this.#settled()
    const result = await run()
    const after = await this.#settled()
    const each = (from?: number | null, to?: number | null) =>
      from === undefined || from === null || to === undefined || to === null
        ? null
        : round((to - from) / Math.max(1, result.n))
    return {
      ...result,
      figures: {
        transactions_per_op: each(before?.transactions, after?.transactions),
        statements_per_op: each(before?.statements, after?.statements),
      },
    }
  }

  async #settled(): Promise<SqlCounts | undefined> {
    if (this.#database === undefined) return undefined
    await pause(this.#settleMs)
    return await this.#database.counts()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]()
  }
}
