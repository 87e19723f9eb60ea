import type { LogReads } from '#log/reads.ts'
import type { StoredEvent } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { relationOf } from '#matrix/events/relation.ts'
import { isEventId, type EventId } from '#matrix/ids.ts'
import { isJsonObject } from '#matrix/json.ts'

type Reads = Pick<LogReads, 'eventById'>

/** How far relations are followed, as the specification recommends. */
const MAX_HOPS = 3

/**
 * Checks that a threaded receipt names the thread in which its event is. A thread's root, and what
 * relates to it (edits, reactions), belong to the main timeline, yet clients show them at the head of
 * the thread and mark them there, so both are accepted.
 * https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts
 * @throws {MatrixError} 400 `M_INVALID_PARAM`
 */
export async function requireThread(
  reads: Reads,
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
  if (root === undefined || root.room !== event.room) throw unrelated()
  if (event.thread === root.pos) return
  if (event.thread !== undefined || !(await leadsTo(root, event, reads))) throw unrelated()
}

async function leadsTo(root: StoredEvent, event: StoredEvent, reads: Reads): Promise<boolean> {
  let parent = parentOf(event)
  for (let hops = 1; hops < MAX_HOPS && parent !== root.eventId; hops++) {
    const found = parent && (await reads.eventById(parent))
    parent = found && parentOf(found)
  }
  return parent === root.eventId
}

/** What an event relates to. */
function parentOf({ json, contentAt, contentEnd }: StoredEvent): EventId | undefined {
  const content = parseJson(json.slice(contentAt, contentEnd))
  return isJsonObject(content) ? relationOf(content)?.eventId : undefined
}

const unrelated = () => invalidParam('The event does not belong to the thread in thread_id.')
