import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, type TestUser } from '../harness/user.ts'
import { newTxn, numbers, tokenOf } from './inbox.ts'

type Worker = 0 | 1

/** What can happen; `worker` is the process that gets the request, or is stopped and started. */
type Step =
  | { readonly kind: 'send'; readonly worker: Worker; readonly count: number }
  | { readonly kind: 'sync'; readonly worker: Worker; readonly fate: 'kept' | 'lost' }
  | { readonly kind: 'repeat'; readonly worker: Worker; readonly age: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'restart'; readonly worker: Worker }

const worker = fc.constantFrom<Worker[]>(0, 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('send'), worker, count: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('send'), worker, count: fc.constant(110) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sync'),
      worker,
      fate: fc.constantFrom<('kept' | 'lost')[]>('kept', 'kept', 'lost'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat'), worker, age: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart'), worker }) },
)

/** More messages than one answer has, with every mishap on the way. */
const TWO_ANSWERS: Step[] = [
  { kind: 'send', worker: 0, count: 110 },
  { kind: 'sync', worker: 1, fate: 'lost' },
  { kind: 'sync', worker: 0, fate: 'kept' },
  { kind: 'restart', worker: 1 },
  { kind: 'sync', worker: 1, fate: 'lost' },
  { kind: 'repeat', worker: 0, age: 1 },
  { kind: 'send', worker: 1, count: 3 },
  { kind: 'sync', worker: 1, fate: 'kept' },
  { kind: 'crash' },
  { kind: 'sync', worker: 0, fate: 'kept' },
]

let alice: TestUser
/** Owns the database, and runs on when the workers are stopped. */
let keeper: TestServer
let workers: [TestServer, TestServer]

const startWorker = (): Promise<TestServer> => startTestServer({ databaseUrl: keeper.databaseUrl })

beforeAll(async () => {
  keeper = await startTestServer()
  workers = [await startWorker(), await startWorker()]
  alice = await keeper.user('alice')
})
afterAll(async () => {
  for (const each of [...workers, keeper]) await each[Symbol.asyncDispose]()
})

/** A client: what it has on disk, and what it was told under each token. */
class Client {
  readonly #user: TestUser
  /** On disk: the token that it presents, and what it knows with it. */
  #disk: { token: string; known: readonly unknown[] }
  /** In memory: the answer that came last, not written down yet. */
  #last: { token: string; known: readonly unknown[] } | undefined
  readonly #tokens: string[] = []

  constructor(user: TestUser, token: string) {
    this.#user = user
    this.#disk = { token, known: [] }
  }

  get known(): readonly unknown[] {
    return this.#disk.known
  }

  /** Writes the last answer down and asks for the next. */
  async sync(at: TestServer, fate: 'kept' | 'lost'): Promise<number> {
    if (this.#last !== undefined) this.#disk = this.#last
    const { token, known } = this.#disk
    const answer = await this.#ask(at, token)
    this.#tokens.push(token)
    const news = numbers(answer)
    if (fate === 'kept') this.#last = { token: tokenOf(answer), known: [...known, ...news] }
    return news.length
  }

  /** Asks with a token of the past, for nothing; it brings nothing back that was confirmed. */
  async repeat(at: TestServer, age: number): Promise<void> {
    const token = this.#tokens.at(-1 - age)
    if (token === undefined) return
    const again = numbers(await this.#ask(at, token))
    expect(again.filter((n) => this.#disk.known.includes(n))).toEqual([])
  }

  /** Forgets what is not on disk. */
  crash(): void {
    this.#last = undefined
  }

  async #ask(at: TestServer, since: string): Promise<unknown> {
    const options = { token: this.#user.token }
    return ok(await at.request('GET', `/_matrix/client/v3/sync?since=${since}`, options))
  }
}

/** Sends numbers one after the other, each request twice as after a lost answer. */
async function sendNumbers(to: TestUser, at: TestServer, from: number, count: number) {
  for (let n = from; n < from + count; n++) {
    const body = { messages: { [to.userId]: { '*': { n } } } }
    const path = `/_matrix/client/v3/sendToDevice/m.test/${newTxn()}`
    const put = async () => ok(await at.request('PUT', path, { token: alice.token, body }))
    await put()
    if (n % 5 === 0) await put()
  }
}

test('whatever is lost, repeated or stopped, each message arrives once and in order', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
      const bob = await keeper.user(`bob${++run}`)
      const client = new Client(bob, tokenOf(await bob.sync()))
      let sent = 0
      for (const each of steps) {
        if (each.kind === 'crash') client.crash()
        else if (each.kind === 'send') {
          await sendNumbers(bob, workers[each.worker], sent, each.count)
          sent += each.count
        } else if (each.kind === 'sync') await client.sync(workers[each.worker], each.fate)
        else if (each.kind === 'repeat') await client.repeat(workers[each.worker], each.age)
        else {
          await workers[each.worker][Symbol.asyncDispose]()
          workers[each.worker] = await startWorker()
        }
      }
      await keeper.ctx.log.catchUp()
      while ((await client.sync(keeper, 'kept')) > 0);
      expect(client.known).toEqual(Array.from({ length: sent }, (_, n) => n))
    }),
    { numRuns: 5, examples: [[TWO_ANSWERS]] },
  )
}, 120_000)
