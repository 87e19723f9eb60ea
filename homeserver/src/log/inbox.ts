import type { Statement } from '#db/pipelined-client.ts'
import type { InboxBounds } from './caches/inbox-bounds.ts'
import type { Epochs } from './epochs/epochs.ts'
import type { Reader } from './read/connections.ts'
import type { DeviceKey } from './types.ts'

/** A message that waits for a device. */
export interface WaitingMessage {
  readonly pos: number
  /** The event as the device is told of it, JSON text. */
  readonly event: string
}

/** What waits for devices. No statement runs for a device without messages, once it is known. */
export interface Inbox {
  /** The oldest `limit` messages in `(after, upTo]`, in order of arrival; `more`: others follow. */
  read(
    device: DeviceKey,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<{ readonly messages: readonly WaitingMessage[]; readonly more: boolean }>
  /**
   * Deletes what the device has shown that it has: all up to a position. Only a token that the device
   * presents shows it; what was sent may have been lost on the way.
   */
  confirm(device: DeviceKey, upTo: number): Promise<void>
}

/** $1 device, $2 after, $3 up to, $4 limit. */
const READ: Statement = {
  name: 'inbox_read',
  text: `SELECT b.pos, b.event FROM inbox b
    WHERE b.device = $1 AND b.pos > $2 AND b.pos <= $3 ORDER BY b.pos LIMIT $4`,
}

/**
 * $1 device, $2 up to, $3 tag of the history in which that is a position: after a failover that lost
 * the log's end, the same position may be given to a message that was never sent.
 */
const CONFIRM: Statement = {
  name: 'inbox_confirm',
  text: `DELETE FROM inbox b WHERE b.device = $1 AND b.pos <= $2
    AND EXISTS (SELECT FROM stream s WHERE s.tag = $3)`,
}

/** {@link Inbox}: bounds in memory, messages in Postgres. */
export function createInbox(deps: {
  reader: Reader
  bounds: InboxBounds
  epochs: Pick<Epochs, 'tag'>
}): Inbox {
  const { reader, bounds, epochs } = deps
  return {
    async read(device, { after, upTo, limit }) {
      const known = await bounds.get(device)
      // as of the head, so at or after the range's end
      if (known === undefined || known.newest <= after || known.oldest > upTo) {
        return { messages: [], more: false }
      }
      const rows = await reader.query<WaitingMessage>(READ, [device, after, upTo, limit + 1])
      return { messages: rows.slice(0, limit), more: rows.length > limit }
    },

    async confirm(device, upTo) {
      const { tag } = epochs
      const known = await bounds.get(device)
      if (known === undefined || known.oldest > upTo) return
      await reader.query(CONFIRM, [device, upTo, tag])
      if (tag === epochs.tag) bounds.emptied(device, upTo)
    },
  }
}
