import type { ReceiptEntry, UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

/** `m.typing`. https://spec.matrix.org/v1.19/client-server-api/#mtyping */
export function typingJson(userIds: readonly UserId[]): string {
  return `{"type":"m.typing","content":{"user_ids":${JSON.stringify(userIds)}}}`
}

/** Receipts that a user may see: private ones are for their author only. */
export function visibleReceipts(receipts: readonly ReceiptEntry[], user: UserKey): ReceiptEntry[] {
  return receipts.filter((receipt) => receipt.type !== 'm.read.private' || receipt.user === user)
}

interface Receipt {
  readonly ts: number
  readonly thread_id?: string
}

/**
 * `m.receipt` events, one per thread since a user can have receipts of several threads on one event.
 * https://spec.matrix.org/v1.19/client-server-api/#mreceipt
 * @param userIds of everybody who has a receipt here
 */
export function receiptsJson(
  receipts: readonly ReceiptEntry[],
  userIds: ReadonlyMap<UserKey, UserId>,
): string[] {
  const threads = Map.groupBy(receipts, (receipt) => receipt.threadId)
  return Array.from(threads.values(), (entries) => {
    const content = nest(
      Map.groupBy(entries, ({ eventId }) => eventId),
      (ofEvent) =>
        nest(
          Map.groupBy(ofEvent, ({ type }) => type),
          (ofType) =>
            Object.fromEntries<Receipt>(
              ofType.map((entry) => [userIds.get(entry.user) ?? '', receiptOf(entry)]),
            ),
        ),
    )
    return JSON.stringify({ type: 'm.receipt', content })
  })
}

function receiptOf({ ts, threadId }: ReceiptEntry): Receipt {
  return threadId === undefined ? { ts } : { ts, thread_id: threadId }
}

function nest<In, Out>(
  groups: Map<string, In[]>,
  inner: (group: In[]) => Out,
): Record<string, Out> {
  return Object.fromEntries(Array.from(groups, ([key, group]) => [key, inner(group)]))
}
