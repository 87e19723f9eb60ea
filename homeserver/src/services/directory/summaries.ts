import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import { EventFlag, type Log, type LogEntry, type RoomKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { RoomStates } from '#room-state/types.ts'
import { endOfLog, holdProgress, setProgress } from './progress.ts'
import { SUMMARY_STATE, summaryRow } from './summary-row.ts'
import { allRooms, changedRooms, writeSummaries } from './summary-store.ts'

export interface SummariesDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'subscribe' | 'onReset' | 'catchUp'>
  readonly roomStates: Pick<RoomStates, 'currentOfMany'>
  readonly clock: Clock
  readonly logger: Logger
}

/** How long changes lie when nobody asks for the directory. */
const REST_MS = 5_000
const ROOMS_AT_ONCE = 200
/** Looking at every room is faster than at more events than this. */
const MANY_EVENTS = 200_000

/**
 * Keeps the table `room_summaries` as the log says: what the directory and searches know of rooms.
 * The table notes how far it follows, so that any worker may go on, and is made anew from nothing.
 */
export class RoomSummaries {
  readonly #deps: SummariesDeps
  /** The log has something that may not be in the table yet. */
  #isStale = true
  #running: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(deps: SummariesDeps) {
    this.#deps = deps
    deps.log.onReset(() => this.#noteChange())
    deps.log.subscribe((entries) => {
      if (entries.some(changesRooms)) this.#noteChange()
    })
  }

  /** Resolves once the table has everything that this worker knew of when it was called. */
  async catchUp(): Promise<void> {
    // a run under way may have begun before the last change
    while (this.#running !== undefined) await this.#running
    if (!this.#isStale) return
    await this.#start()
  }

  /** Ends what goes on by itself. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#running?.catch(() => undefined)
  }

  #noteChange(): void {
    this.#isStale = true
    if (this.#isStopped) return
    this.#cancel ??= this.#deps.clock.after(REST_MS, () => {
      this.#cancel = undefined
      if (!this.#isStale || this.#running !== undefined) return
      this.#start().catch((error: unknown) => {
        this.#deps.logger.warn({ err: error }, 'the room directory does not follow the log')
      })
    })
  }

  async #start(): Promise<void> {
    this.#isStale = false
    this.#running = this.#follow().finally(() => {
      this.#running = undefined
    })
    try {
      await this.#running
    } catch (error) {
      this.#isStale = true
      throw error
    }
  }

  async #follow(): Promise<void> {
    const { db, log } = this.#deps
    await transaction(db, async (tx) => {
      const from = await holdProgress(tx)
      const end = await endOfLog(tx)
      if (from === end) return
      // what this worker has in memory must be as new as the rows
      await log.catchUp()
      const few = from >= 0 && from < end && end - from <= MANY_EVENTS
      const rooms = few ? await changedRooms(tx, from, end) : await allRooms(tx)
      for (let at = 0; at < rooms.length; at += ROOMS_AT_ONCE) {
        await this.#renew(tx, rooms.slice(at, at + ROOMS_AT_ONCE))
      }
      await setProgress(tx, end)
    })
  }

  async #renew(tx: Tx, rooms: readonly RoomKey[]): Promise<void> {
    const states = await this.#deps.roomStates.currentOfMany(rooms, SUMMARY_STATE)
    await writeSummaries(
      tx,
      rooms.map((room) => summaryRow(room, states.get(room) ?? [])),
    )
  }
}

/** True but for plain messages, and what belongs to users. */
function changesRooms(entry: LogEntry): boolean {
  if (entry.kind !== 'event') return false
  const { event, redacts } = entry
  const reshapes = (event.flags & EventFlag.reshapes) !== 0
  return event.stateKey !== undefined || redacts !== undefined || reshapes
}
