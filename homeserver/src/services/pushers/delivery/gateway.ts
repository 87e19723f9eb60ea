import { maybeJson } from '#matrix/events/maybe-json.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { Outbound } from '#platform/outbound/outbound.ts'
import type { Pusher } from '../types.ts'

/** What became of a notification: `rejected` means that the pusher is to be deleted. */
export type Delivery = 'accepted' | 'rejected' | 'failed'

const TIMEOUT_MS = 30_000
const MAX_ANSWER_BYTES = 64 * 1024

/** Sends a notification to a pusher's gateway. Never throws; redirects are failures. */
export async function notifyGateway(
  outbound: Outbound,
  { url, pushkey }: Pick<Pusher, 'url' | 'pushkey'>,
  notification: JsonObject,
  { signal, onError }: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): Promise<Delivery> {
  try {
    const { status, body } = await outbound.fetch({
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ notification }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
      signal,
    })
    if (status < 200 || status > 299) {
      onError(new Error(`the gateway answered ${status}`))
      return 'failed'
    }
    return rejectedKeys(body.toString()).includes(pushkey) ? 'rejected' : 'accepted'
  } catch (error) {
    onError(error)
    return 'failed'
  }
}

function rejectedKeys(text: string): readonly unknown[] {
  const answer = maybeJson(text)
  const rejected = isJsonObject(answer) ? own(answer, 'rejected') : undefined
  return Array.isArray(rejected) ? rejected : []
}
