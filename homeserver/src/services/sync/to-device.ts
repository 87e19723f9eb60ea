import type { Inbox } from '#log/inbox.ts'
import type { DeviceKey, SyncToken } from '#log/types.ts'

/** Messages in one answer, as the specification recommends. */
const MOST_MESSAGES = 100

/** The `to_device` part of an answer. */
export interface ToDevicePart {
  readonly events: readonly string[]
  /** Up to where the inbox was told, when there is more of it. */
  readonly partlyUpTo: number | undefined
}

/** Up to where a device has its messages, as the token that it presents shows. */
export function toldUpTo(since: SyncToken | undefined): number {
  if (since === undefined) return 0
  return Math.min(since.inbox ?? since.pos, since.pos)
}

/**
 * The oldest messages that a device may not have.
 * https://spec.matrix.org/v1.19/client-server-api/#send-to-device-messaging
 */
export async function toDevicePart(
  inbox: Pick<Inbox, 'read'>,
  device: DeviceKey,
  range: { readonly after: number; readonly upTo: number },
): Promise<ToDevicePart> {
  const { messages, more } = await inbox.read(device, { ...range, limit: MOST_MESSAGES })
  return {
    events: messages.map(({ event }) => event),
    partlyUpTo: more ? messages.at(-1)?.pos : undefined,
  }
}
