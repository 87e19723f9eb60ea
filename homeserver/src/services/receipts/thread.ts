import type { LogReads } from '#log/reads.ts'
import type { StoredEvent } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import { isEventId } from '#matrix/ids.ts'

/**
 * Checks that a threaded receipt names the thread in which its event is. A thread's root belongs to
 * the main timeline, yet clients also mark it inside its own thread, so both are accepted.
 * https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts
 * @throws {MatrixError} 400 `M_INVALID_PARAM`
 */
export async function requireThread(
  reads: Pick<LogReads, 'eventById'>,
  event: StoredEvent,
  threadId: string,
): Promise<void> {
  if (threadId === 'main') {
    if (event.thread !== undefined) throw unrelated()
    return
  }
  if (threadId === event.eventId) return
  if (!isEventId(threadId)) throw invalidParam('thread_id is neither "main" nor an event ID.')
  const root = await reads.eventById(threadId)
  if (root === undefined || event.thread !== root.pos) throw unrelated()
}

const unrelated = () => invalidParam('The event does not belong to the thread in thread_id.')
