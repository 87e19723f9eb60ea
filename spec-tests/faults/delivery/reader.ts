import type { User } from '../../target/user.ts'
import { catchUp } from './catch-up.ts'
import { ChainState, type Place } from './chain-state.ts'
import { inspectAnswer } from './inspect-answer.ts'
import { pause } from '../../target/pause.ts'
import { patiently } from '../patiently.ts'
import { Refused } from './persistent-call.ts'
import type { Promises } from './promises.ts'
import type { Rng } from './rng.ts'
import type { Violations } from './violations.ts'

const POLL_MS = 1_000
/** Shorter than a server is stopped: the reader goes on through another one. */
const PATIENCE_MS = 2_500
/** Once all faults are over. */
const CALM_PATIENCE_MS = 60_000
const RETRY_MS = 30
/** How often an answer gets lost on its way, as far as the client can tell. */
const FORGOTTEN = 0.15
/** How often it goes back to any token that its chain ever had. */
const REPLAYED = 0.1
const PAUSE_MS = [0, 200] as const

interface Step {
  readonly timeoutMs: number
  readonly forgets: boolean
  /** How long the server may take beyond the time that it may wait. */
  readonly patienceMs?: number
}

/** A client that long-polls through every outage, forgets answers, and notes each token it was given. */
export class Reader {
  readonly user: User
  readonly state: ChainState
  /** Every token that was ever given out, forgotten ones too. */
  readonly issued: Place[] = []
  /** Those of the chain itself. To present another one would confirm what the chain does not have. */
  readonly #confirmed: Place[] = []
  readonly #promises: Promises
  readonly #violations: Violations
  readonly #rng: Rng
  #since: string | undefined

  constructor(user: User, deps: { promises: Promises; violations: Violations; rng: Rng }) {
    this.user = user
    this.state = new ChainState(user.userId)
    this.#promises = deps.promises
    this.#violations = deps.violations
    this.#rng = deps.rng
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.step({ timeoutMs: POLL_MS, forgets: this.#rng.chance(FORGOTTEN) })
        if (this.#rng.chance(REPLAYED)) await this.#replay(this.#rng.pick(this.#confirmed))
        await pause(this.#rng.between(...PAUSE_MS), stop)
      } catch (error) {
        if (error instanceof Refused) this.#violations.add(error.message)
        await pause(RETRY_MS, stop)
      }
    }
  }

  /**
   * One request; forgetting means that the next one repeats it.
   * @throws what the servers' absence throws
   */
  async step({ timeoutMs, forgets, patienceMs = PATIENCE_MS }: Step): Promise<void> {
    const since = this.#since
    const answer = await catchUp(this.user, since, { timeoutMs, patienceMs })
    for (const wrong of inspectAnswer(answer, this.state, this.#promises)) {
      this.#violations.add(`${this.user.userId} since ${since}, until ${answer.next}: ${wrong}`)
    }
    if (forgets && since !== undefined) {
      this.issued.push(this.state.placeAfter(this.state.place(since), answer, this.#promises))
      return
    }
    this.state.accept(answer, this.#promises)
    this.#since = answer.next
    const place = this.state.place(answer.next)
    this.issued.push(place)
    this.#confirmed.push(place)
  }

  /** A request once all faults are over, repeated until it is answered. */
  async calmStep(timeoutMs: number): Promise<void> {
    await patiently(() => this.step({ timeoutMs, forgets: false, patienceMs: CALM_PATIENCE_MS }))
  }

  /** What comes is judged in the end: by what the new token still owes. */
  async #replay(from: Place): Promise<void> {
    const answer = await catchUp(this.user, from.token, { timeoutMs: 0, patienceMs: PATIENCE_MS })
    this.issued.push(this.state.placeAfter(from, answer, this.#promises))
  }
}
