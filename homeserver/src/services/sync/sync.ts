import type { SyncToken, WakeKey } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Viewer } from '#services/timeline/index.ts'
import type { Filter } from '#services/filters/index.ts'
import { buildAnswer, isEmpty, type Answer } from './answer.ts'
import type { SectionDeps } from './changed-room.ts'
import { EventJson } from './event-json.ts'
import { FilterCache } from './filter-cache.ts'
import { syncFilter, type SyncFilter } from './filter.ts'
import { LazyMembers } from './lazy-members.ts'
import { planAll, planChanges, type Plan } from './plan.ts'
import { RecentChanges } from './recent-changes.ts'
import { answerJson } from './room-json.ts'
import { Summaries } from './summary.ts'
import { toldUpTo } from './to-device.ts'
import type { Answering, SyncDeps, SyncRequest } from './types.ts'
import { waitFor } from './wait.ts'

/** Whose sync it is. */
export interface Syncer {
  readonly user: Viewer['user']
  readonly device: NonNullable<Viewer['device']>
  readonly userId: UserId
}

/** A plan can be outrun by a change that reaches memory before the log's head does; then it is made anew. */
const MAX_PLANS = 5

/** Longer timers than about 25 days fire at once; nobody waits that long for an answer either. */
const MAX_TIMEOUT = 600_000

/**
 * The classic `/sync`: what a client needs to know since its last answer, or a first snapshot.
 * https://spec.matrix.org/v1.19/client-server-api/#syncing
 */
export class Sync {
  readonly #deps: SectionDeps & { readonly recent: RecentChanges }
  readonly #lazyMembers = new LazyMembers()
  readonly #filters = new FilterCache()

  constructor(deps: SyncDeps) {
    deps.log.onReset(() => this.#lazyMembers.clear())
    this.#deps = {
      ...deps,
      recent: new RecentChanges(deps.log),
      json: new EventJson(deps),
      summaries: new Summaries(deps),
    }
  }

  /**
   * The filter that a request names: JSON, or the id of a stored one.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a bad filter or an unknown id
   */
  async filterOf(user: Syncer['user'], text: string): Promise<SyncFilter> {
    const { filters } = this.#deps
    if (text.startsWith('{')) return this.#filters.get(text, (json) => filters.parse(json))
    const stored: Filter | undefined = await filters.get(user, text)
    if (stored === undefined) throw invalidParam('There is no such filter.')
    return syncFilter(stored)
  }

  /**
   * Answers one request, as JSON text. Waits for news when there are none, until the timeout or the
   * signal; then the answer is empty but valid.
   *
   * A `since` of another history (another database, or a point that a failover lost) gets a full
   * answer, as if it were absent: only so can the client become right again.
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a `since` that is no token; what `confirm` throws
   */
  async sync(syncer: Syncer, request: SyncRequest, signal: AbortSignal): Promise<string> {
    const { clock, tokens } = this.#deps
    const deadline = clock.monotonic() + Math.min(request.timeout, MAX_TIMEOUT)
    for (;;) {
      const { tag } = tokens
      const answer = await this.#answer(syncer, request, { deadline, tag }, signal)
      if (answer !== undefined) return answer
    }
  }

  /** Undefined when another history began, in which `since` may mean something else. */
  async #answer(
    syncer: Syncer,
    request: SyncRequest,
    wait: { readonly deadline: number; readonly tag: number },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const since =
      request.since === undefined ? undefined : await this.#deps.tokens.resolve(request.since)
    if (since !== undefined) await this.#deps.inbox.confirm(syncer.device, toldUpTo(since))
    if (since === undefined || request.fullState)
      return await this.#answerAll(syncer, request, since)
    return await this.#poll(syncer, request, since, wait, signal)
  }

  async #answerAll(
    syncer: Syncer,
    request: SyncRequest,
    since: SyncToken | undefined,
  ): Promise<string> {
    const plan = await this.#plan(() => planAll(this.#deps, syncer.user, since?.pos ?? 0))
    // under lazy loading the device is sent everything again
    const answering = await this.#answering(syncer, request, since, plan, undefined)
    const answer = await buildAnswer(this.#deps, answering, plan)
    return this.#finish(syncer, answering, plan, answer, undefined)
  }

  async #poll(
    syncer: Syncer,
    request: SyncRequest,
    since: SyncToken,
    { deadline, tag }: { readonly deadline: number; readonly tag: number },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { clock, wakeups } = this.#deps
    // most requests find something: these need not register under all the user's rooms
    let isFirst = this.#deps.log.head > since.pos
    for (;;) {
      const left = deadline - clock.monotonic()
      const isLast = left <= 0 || signal.aborted
      // registered before any position is read, or a change in between would wake nobody
      using waiter = isLast || isFirst ? undefined : wakeups.register(await this.#wakeKeys(syncer))
      const place = { pos: since.pos, typing: since.ephemeral ?? { boot: '', n: 0 } }
      const plan = await this.#plan(() => planChanges(this.#deps, syncer.user, place))
      if (plan.tag !== tag) return undefined
      const answering = await this.#answering(syncer, request, since, plan, request.since)
      const answer = await buildAnswer(this.#deps, answering, plan)
      if (isLast || !isEmpty(answer)) {
        return this.#finish(syncer, answering, plan, answer, request.since)
      }
      isFirst = false
      if (waiter !== undefined) {
        await waitFor(waiter, clock, left, signal)
        await request.confirm()
      }
    }
  }

  async #wakeKeys({ user, device }: Syncer): Promise<WakeKey[]> {
    const keys: WakeKey[] = [`u${user}`, `d${device}`]
    for (const { room, membership } of (await this.#deps.reads.membershipsOf(user)).values()) {
      if (membership === 'join') keys.push(`r${room}`)
    }
    return keys
  }

  async #plan(make: () => Promise<Plan>): Promise<Plan> {
    for (let attempt = 1; ; attempt++) {
      const plan = await make()
      const outrun = plan.rooms.values().some(({ row }) => row.pos > plan.upTo)
      if (!outrun || attempt === MAX_PLANS) return plan
      await this.#deps.log.catchUp()
    }
  }

  async #answering(
    syncer: Syncer,
    request: SyncRequest,
    since: SyncToken | undefined,
    plan: Plan,
    presented: string | undefined,
  ): Promise<Answering> {
    const { user, device, userId } = syncer
    const ignored = new Set(await this.#deps.aggregations.ignoredBy(user))
    return {
      viewer: { user, device },
      user,
      userId,
      filter: request.filter,
      ignored,
      stateField: request.stateField,
      since: since?.pos ?? 0,
      upTo: plan.upTo,
      device,
      toldUpTo: toldUpTo(since),
      initial: since === undefined,
      fullState: request.fullState,
      presence: {
        since: since?.presence,
        elsewhere: since?.ephemeral?.boot !== plan.typing.boot,
      },
      lazy: request.filter.lazyMembers ? this.#lazyMembers.begin(device, presented) : undefined,
    }
  }

  #finish(
    syncer: Syncer,
    answering: Answering,
    plan: Plan,
    answer: Answer,
    presented: string | undefined,
  ): string {
    const nextBatch = this.#deps.tokens.encode({
      tag: plan.tag,
      pos: plan.upTo,
      inbox: answer.toDevice.partlyUpTo,
      ephemeral: plan.typing,
      presence: answer.presence?.stamp,
    })
    if (answering.lazy !== undefined) {
      this.#lazyMembers.commit(syncer.device, presented, answering.lazy, nextBatch)
    }
    return answerJson(nextBatch, answer)
  }
}

/** Makes the service; one per worker. */
export function createSync(deps: SyncDeps): Sync {
  return new Sync(deps)
}
