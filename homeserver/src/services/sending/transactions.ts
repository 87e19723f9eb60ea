import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { DeviceKey, RoomKey } from '#log/types.ts'
import type { EventId } from '#matrix/ids.ts'
import type { TxnInput } from './types.ts'

/** Finished transactions remembered by this worker; older ones are found by the log. */
const FINISHED = 20_000

/** The idempotency key as the log stores it. */
export interface Txn {
  readonly device: DeviceKey
  readonly key: string
  readonly id: string
}

/**
 * Folds what tells requests apart into a key of fixed length: endpoint and type, room, and the
 * transaction ID that the client chose.
 */
export function foldTxn(device: DeviceKey, room: RoomKey, { key, id }: TxnInput): Txn {
  return { device, id, key: hash('sha256', `${room}\0${key}\0${id}`, 'base64url') }
}

/**
 * Repeated requests of this worker: the second of two equal ones gets the first one's promise, or
 * the event that it made. A failed request is forgotten, so that its repetition is a new attempt.
 * What another worker has sent is recognised by the log.
 */
export class Transactions {
  readonly #finished = new LRUCache<string, EventId>(upTo(FINISHED))
  readonly #running = new Map<string, Promise<EventId>>()

  async run(txn: Txn, send: () => Promise<EventId>): Promise<EventId> {
    const key = `${txn.device}/${txn.key}`
    const known = this.#finished.get(key) ?? this.#running.get(key)
    if (known !== undefined) return await known
    const running = send()
    this.#running.set(key, running)
    try {
      const eventId = await running
      this.#finished.set(key, eventId)
      return eventId
    } finally {
      this.#running.delete(key)
    }
  }

  /** Forgets what is finished: the log continues from another history. */
  clear(): void {
    this.#finished.clear()
  }
}
