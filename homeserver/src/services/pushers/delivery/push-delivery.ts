import { asUserKey } from '#log/keys.ts'
import type { Dictionary, Log, LogEntry, RoomKey, UserKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import { deliver, type DeliverDeps } from './deliver.ts'
import { claim, usersBehind } from './lease-store.ts'
import { RoomAudience } from './room-audience.ts'

export interface PushDeliveryDeps extends DeliverDeps {
  readonly log: Pick<Log, 'head' | 'subscribe' | 'onReset'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly rng: Pick<Rng, 'int' | 'id'>
  readonly dictionary: DeliverDeps['dictionary'] & Pick<Dictionary, 'userByKey'>
}

/** Users whose pushers are served at the same time. */
const MAX_RUNNING = 32
/** After the database was away. */
const TROUBLE_MS = 5_000

/**
 * Tells push gateways of events. Every pusher has its place in the log, so nothing is lost over
 * restarts. Every worker follows the log and knows who may have to be told; a lease in the database
 * decides which of them is at a pusher, so that one notification follows the other.
 */
export class PushDelivery {
  readonly #deps: PushDeliveryDeps
  readonly #worker: string
  readonly #audience: RoomAudience
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<UserKey>()
  readonly #running = new Map<UserKey, Promise<void>>()
  readonly #timers = new Map<UserKey, { at: number; cancel: () => void }>()
  /** Background work beside the users' turns. */
  readonly #errands = new Set<Promise<void>>()
  #unsubscribe: () => void = () => undefined

  constructor(deps: PushDeliveryDeps) {
    this.#deps = deps
    this.#worker = deps.rng.id(16)
    this.#audience = new RoomAudience(deps.db)
  }

  /** Starts with what happened while no worker was there. */
  start(): void {
    const { log } = this.#deps
    this.#unsubscribe = log.subscribe((entries) => this.#follow(entries))
    log.onReset(() => this.#errand(() => this.#catchUp()))
    this.#errand(() => this.#catchUp())
  }

  /** Ends at once: a notification under way is cut and sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#unsubscribe()
    this.#stopping.abort()
    for (const { cancel } of this.#timers.values()) cancel()
    this.#timers.clear()
    await Promise.all([...this.#running.values(), ...this.#errands])
  }

  async #catchUp(): Promise<void> {
    await this.#audience.load()
    this.#wake(await usersBehind(this.#deps.db))
  }

  #follow(entries: readonly LogEntry[]): void {
    const rooms = new Set<RoomKey>()
    for (const entry of entries) {
      if (entry.kind === 'event') {
        this.#audience.follow(entry)
        rooms.add(entry.event.room)
        const { membership } = entry
        if (membership && this.#audience.has(membership.user)) this.#wake([membership.user])
      } else if (entry.kind === 'receipt') {
        if (this.#audience.has(entry.user)) this.#wake([entry.user])
      } else if (entry.kind === 'invalidation' && entry.what === 'user') {
        this.#errand(() => this.#refresh(asUserKey(Number(entry.key))))
      }
    }
    if (this.#audience.isEmpty) return
    for (const room of rooms) {
      this.#errand(async () => this.#wake(await this.#audience.of(room)))
    }
  }

  async #refresh(user: UserKey): Promise<void> {
    // what came since the pusher was made may have been missed
    if (await this.#audience.refresh(user)) this.#wake([user])
  }

  /** When it fails the database is away, and everything is looked at again. */
  #errand(work: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return
    const errand = work()
      .catch((error: unknown) => {
        this.#deps.logger.warn({ err: error }, 'who is to be notified is not known')
        this.#deps.clock.after(TROUBLE_MS, () => this.#errand(() => this.#catchUp()))
      })
      .finally(() => this.#errands.delete(errand))
    this.#errands.add(errand)
  }

  #wake(users: readonly UserKey[]): void {
    for (const user of users) this.#waiting.add(user)
    if (this.#stopping.signal.aborted) return
    for (const user of this.#waiting) {
      if (this.#running.size >= MAX_RUNNING) return
      if (this.#running.has(user)) continue
      this.#waiting.delete(user)
      const run = this.#run(user).finally(() => {
        this.#running.delete(user)
        this.#wake([])
      })
      this.#running.set(user, run)
    }
  }

  async #run(user: UserKey): Promise<void> {
    const { db, clock, dictionary, logger } = this.#deps
    try {
      const worker = this.#worker
      const { pushers, againInMs } = await claim(db, user, { worker, now: clock.now() })
      const { userId } = await dictionary.userByKey(user)
      const pauses = await Promise.all(
        pushers.map((pusher) =>
          deliver({
            deps: this.#deps,
            user: { key: user, userId },
            pusher,
            worker,
            signal: this.#stopping.signal,
          }),
        ),
      )
      const waits = [againInMs, ...pauses].filter((wait) => wait !== undefined)
      if (waits.length > 0) this.#wakeIn(user, Math.min(...waits))
    } catch (error) {
      logger.warn({ err: error }, 'a user could not be notified')
      this.#wakeIn(user, TROUBLE_MS)
    }
  }

  #wakeIn(user: UserKey, ms: number): void {
    if (this.#stopping.signal.aborted) return
    const at = this.#deps.clock.now() + ms
    const set = this.#timers.get(user)
    if (set !== undefined && set.at <= at) return
    set?.cancel()
    const cancel = this.#deps.clock.after(Math.max(ms, 1), () => {
      this.#timers.delete(user)
      this.#wake([user])
    })
    this.#timers.set(user, { at, cancel })
  }
}
