import type { AccountDataEntry, MembershipRow, ReceiptEntry, RoomKey, UserKey } from '#log/types.ts'
import type { Sees, TypingPosition } from '#services/typing/index.ts'
import type { RecentChanges } from './recent-changes.ts'
import type { SyncDeps } from './types.ts'

/** What is new in a room. */
export interface RoomNews {
  events: boolean
  typing: boolean
  readonly receipts: ReceiptEntry[]
  readonly accountData: AccountDataEntry[]
}

/** What an answer has to tell, before anything is read. All of it is as of the position `upTo`. */
export interface Plan {
  readonly upTo: number
  /** The history that `upTo` belongs to: another may begin before the answer is made. */
  readonly tag: number
  readonly typing: TypingPosition
  /** Rooms with the user's membership in which something is new. */
  readonly rooms: ReadonlyMap<RoomKey, { readonly row: MembershipRow; readonly news: RoomNews }>
  /** Global account data that is new. */
  readonly accountData: readonly AccountDataEntry[]
}

type Deps = Pick<SyncDeps, 'log' | 'reads' | 'tokens' | 'typing'> & {
  readonly recent: RecentChanges
}

/** Collects news by room. */
class News {
  readonly rooms = new Map<RoomKey, { row: MembershipRow; news: RoomNews }>()
  readonly #memberships: ReadonlyMap<RoomKey, MembershipRow>

  constructor(memberships: ReadonlyMap<RoomKey, MembershipRow>) {
    this.#memberships = memberships
  }

  /** Undefined for a room that is none of the user's business. */
  of(room: RoomKey): RoomNews | undefined {
    const known = this.rooms.get(room)
    if (known !== undefined) return known.news
    const row = this.#memberships.get(room)
    if (row === undefined) return undefined
    const news = { events: false, typing: false, receipts: [], accountData: [] }
    this.rooms.set(room, { row, news })
    return news
  }
}

/** Everything there is to tell: for a first sync, or one that asks for the full state. */
export async function planAll(deps: Deps, user: UserKey, since: number): Promise<Plan> {
  // before the position: a younger tag would make another history's position one of today's
  const { tag } = deps.tokens
  const memberships = await deps.reads.membershipsOf(user)
  const sees = joinedIn(memberships)
  const upTo = deps.log.head
  const typing = deps.typing.position(sees)
  const news = new News(memberships)
  for (const room of memberships.keys()) {
    const ofRoom = news.of(room)
    if (ofRoom !== undefined) ofRoom.events = true
  }
  for (const room of deps.typing.changedSince(undefined, sees)) addTyping(news, room)
  const range = { after: since, upTo }
  const joined = Array.from(memberships.values())
    .filter(({ membership }) => membership === 'join')
    .map(({ room }) => room)
  const [receipts, accountData] = await Promise.all([
    deps.reads.receiptsIn(joined, range),
    deps.reads.accountDataOf(user, range),
  ])
  return finish({ upTo, tag, typing, news, receipts, accountData })
}

/**
 * What is new after a place. Nothing is read from the database while the place is recent, unless
 * account data changed.
 */
export async function planChanges(
  deps: Deps,
  user: UserKey,
  since: { readonly pos: number; readonly typing: TypingPosition | undefined },
): Promise<Plan> {
  // before the position: a younger tag would make another history's position one of today's
  const { tag } = deps.tokens
  const memberships = await deps.reads.membershipsOf(user)
  const sees = joinedIn(memberships)
  // no await from here on until the changes are taken: all of it belongs to one head
  const upTo = deps.log.head
  const changes = deps.recent.after(since.pos)
  const typing = deps.typing.position(sees)
  const news = new News(memberships)
  for (const room of deps.typing.changedSince(since.typing, sees)) addTyping(news, room)
  const range = { after: since.pos, upTo }
  if (changes === undefined) {
    const joined = await addOlderEvents(deps, news, memberships, range)
    const [receipts, accountData] = await Promise.all([
      deps.reads.receiptsIn(joined, range),
      deps.reads.accountDataOf(user, range),
    ])
    return finish({ upTo, tag, typing, news, receipts, accountData })
  }
  const withReceipts = new Set<RoomKey>()
  let hasAccountData = false
  for (const change of changes) {
    if (change.kind === 'account_data') hasAccountData ||= change.user === user
    else if (change.kind === 'event') addEvents(news, change.room)
    else if (memberships.get(change.room)?.membership === 'join') withReceipts.add(change.room)
  }
  const [receipts, accountData] = await Promise.all([
    withReceipts.size > 0 ? deps.reads.receiptsIn([...withReceipts], range) : [],
    hasAccountData ? deps.reads.accountDataOf(user, range) : [],
  ])
  return finish({ upTo, tag, typing, news, receipts, accountData })
}

/** Compares the heads of all rooms, when the latest changes do not reach back far enough. */
async function addOlderEvents(
  deps: Deps,
  news: News,
  memberships: ReadonlyMap<RoomKey, MembershipRow>,
  range: { readonly after: number; readonly upTo: number },
): Promise<RoomKey[]> {
  const rows = [...memberships.values()]
  const joined = rows.filter(({ membership }) => membership === 'join').map(({ room }) => room)
  await deps.reads.loadRoomHeads(joined.filter((room) => deps.reads.roomHead(room) === undefined))
  for (const room of joined) {
    if ((deps.reads.roomHead(room) ?? 0) > range.after) addEvents(news, room)
  }
  for (const { room, pos } of rows) {
    if (pos > range.after) addEvents(news, room)
  }
  return joined
}

const joinedIn =
  (memberships: ReadonlyMap<RoomKey, MembershipRow>): Sees =>
  (room) =>
    memberships.get(room)?.membership === 'join'

function addEvents(news: News, room: RoomKey): void {
  const ofRoom = news.of(room)
  if (ofRoom !== undefined) ofRoom.events = true
}

function addTyping(news: News, room: RoomKey): void {
  const ofRoom = news.of(room)
  if (ofRoom !== undefined) ofRoom.typing = true
}

function finish(parts: {
  readonly upTo: number
  readonly tag: number
  readonly typing: TypingPosition
  readonly news: News
  readonly receipts: readonly ReceiptEntry[]
  readonly accountData: readonly AccountDataEntry[]
}): Plan {
  for (const receipt of parts.receipts) parts.news.of(receipt.room)?.receipts.push(receipt)
  for (const entry of parts.accountData) {
    if (entry.room !== undefined) parts.news.of(entry.room)?.accountData.push(entry)
  }
  return {
    upTo: parts.upTo,
    tag: parts.tag,
    typing: parts.typing,
    rooms: parts.news.rooms,
    accountData: parts.accountData.filter((entry) => entry.room === undefined),
  }
}
