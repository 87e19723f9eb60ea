import { WORKERS_LOCK } from '#db/functions/locks.ts'
import type { Statement } from '#db/pipelined-client.ts'
import { maybeJson } from '#matrix/events/maybe-json.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import type { Reader } from '../read/connections.ts'

/**
 * Short messages to the other workers, for what is worth nothing a moment later. They arrive in
 * the order in which they were published here, or not at all. Whatever must arrive belongs into the
 * log.
 */
export interface Hints {
  /** Tells the other workers soon; this one is not told. @throws {RangeError} above 7,000 bytes */
  publish(topic: string, text: string): void
  /** @returns ends the subscription */
  subscribe(topic: string, listener: (text: string) => void): () => void
}

export const HINTS_CHANNEL = 'hearth_hints'

/** Postgres takes less than 8,000 bytes in a notification. */
const MAX_BYTES = 7_500
const MAX_HINT_BYTES = 7_000
/** While the database is away, the oldest hints are dropped. */
const MAX_QUEUED = 1_000

/**
 * Sends nothing where no other worker holds the lock that each has. Nobody waits for hints to be on
 * the disk.
 */
const NOTIFY: Statement = {
  name: 'hint',
  text: `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${HINTS_CHANNEL}', $1)
    FROM (SELECT FROM pg_locks
      WHERE locktype = 'advisory' AND classid = 0 AND objid = ${WORKERS_LOCK} AND objsubid = 1
        AND mode = 'ShareLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      OFFSET 1 LIMIT 1) AS another`,
}

/** {@link Hints} by NOTIFY, on a channel of their own; the tail's connection listens. */
export class NotifiedHints implements Hints {
  readonly #deps: { readonly reader: Reader; readonly logger: Logger }
  /** Tells our own notifications from those of others. */
  readonly #self: string
  readonly #listeners = new Map<string, Set<(text: string) => void>>()
  #queue: string[] = []
  #isSending = false

  constructor(deps: {
    readonly reader: Reader
    readonly logger: Logger
    readonly rng: Pick<Rng, 'id'>
  }) {
    this.#deps = deps
    this.#self = deps.rng.id(8)
  }

  publish(topic: string, text: string): void {
    const item = JSON.stringify([topic, text])
    if (Buffer.byteLength(item) > MAX_HINT_BYTES) throw new RangeError('The hint is too long.')
    if (this.#queue.length >= MAX_QUEUED) this.#queue.shift()
    this.#queue.push(item)
    if (this.#isSending) return
    this.#isSending = true
    void this.#send()
  }

  subscribe(topic: string, listener: (text: string) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Takes the payload of a notification on {@link HINTS_CHANNEL}. */
  receive(payload: string): void {
    const message = readMessage(payload)
    if (message === undefined || message.from === this.#self) return
    for (const [topic, text] of message.hints) {
      for (const listener of this.#listeners.get(topic) ?? []) listener(text)
    }
  }

  /** One after the other: on two connections the second could overtake. */
  async #send(): Promise<void> {
    // what this turn of the event loop publishes goes out together
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const items = this.#take()
      try {
        const payload = `{"from":${JSON.stringify(this.#self)},"hints":[${items.join(',')}]}`
        await this.#deps.reader.query(NOTIFY, [payload])
      } catch (error) {
        this.#deps.logger.debug({ err: error }, 'hints for other workers were lost')
      }
    }
    this.#isSending = false
  }

  #take(): string[] {
    let bytes = 0
    const end = this.#queue.findIndex((item, index) => {
      bytes += Buffer.byteLength(item) + 1
      return index > 0 && bytes > MAX_BYTES - 100
    })
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end)
  }
}

/** Undefined for what no worker of ours wrote: anybody with the database's password can notify. */
function readMessage(payload: string) {
  const message = maybeJson(payload)
  if (!isJsonObject(message)) return undefined
  const hints = own(message, 'hints')
  return { from: own(message, 'from'), hints: Array.isArray(hints) ? hints.filter(isHint) : [] }
}

function isHint(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part: unknown) => typeof part === 'string')
  )
}
