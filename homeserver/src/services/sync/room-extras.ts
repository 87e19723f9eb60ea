import type { ReceiptEntry, UserKey } from '#log/types.ts'
import { receiptsJson, typingJson, visibleReceipts } from './ephemeral.ts'
import type { Target } from './target.ts'
import type { Answering, SyncDeps } from './types.ts'

type Deps = Pick<SyncDeps, 'dictionary' | 'typing'>

/** Ephemeral events of a room, as list items: typing, and the receipts that the user may see. */
export async function ephemeralJson(
  deps: Deps,
  answering: Answering,
  target: Target,
): Promise<string[]> {
  const { ephemeral } = answering.filter
  const { news } = target
  if (!ephemeral.room(target.roomId)) return []
  const events: string[] = []
  if (news.typing && ephemeral.data('m.typing')) {
    events.push(typingJson(deps.typing.typingIn(target.room)))
  }
  if (news.receipts.length > 0 && ephemeral.data('m.receipt')) {
    const receipts = visibleReceipts(news.receipts, answering.user)
    if (receipts.length > 0) events.push(...(await receiptEvents(deps, receipts)))
  }
  return events
}

async function receiptEvents(deps: Deps, receipts: readonly ReceiptEntry[]): Promise<string[]> {
  const keys = new Set<UserKey>(receipts.map(({ user }) => user))
  const users = await deps.dictionary.usersByKey([...keys])
  return receiptsJson(receipts, new Map(Array.from(users, ([key, { userId }]) => [key, userId])))
}

/** The user's own data for a room, as list items. Deleted data is left out of a first answer. */
export function accountDataJson(answering: Answering, target: Target, initial: boolean): string[] {
  const { roomAccountData: filter } = answering.filter
  if (!filter.room(target.roomId)) return []
  return target.news.accountData
    .filter(({ type, content }) => filter.data(type, content) && !(initial && content === '{}'))
    .map(({ type, content }) => accountDataEvent(type, content))
}

/** An account data event, as global and room data have it. */
export function accountDataEvent(type: string, content: string): string {
  return `{"type":${JSON.stringify(type)},"content":${content}}`
}
