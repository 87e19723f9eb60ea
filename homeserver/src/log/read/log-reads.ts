import type { Statement } from '#db/pipelined-client.ts'
import type { Memberships } from '../caches/memberships.ts'
import type { Recent } from '../caches/recent.ts'
import type { RoomHeads } from '../caches/room-heads.ts'
import type { WarmRooms } from '../caches/warm-rooms.ts'
import type { LogReads, Topological } from '../reads.ts'
import type { EventEntry, StoredEvent } from '../types.ts'
import type { Reader } from './connections.ts'
import type { EventDecoder } from './decode-events.ts'
import type { EventRow, RoomEntryRow } from './event-columns.ts'
import { accountDataOf, memberOf, receiptOf } from './per-user-rows.ts'
import type { AccountDataRow, MemberRow, ReceiptRow } from './per-user-rows.ts'
import { createRoomTails } from './room-tails.ts'
import * as statements from './statements.ts'

export interface LogReadsDeps {
  readonly reader: Reader
  readonly decoder: EventDecoder
  readonly heads: RoomHeads
  readonly memberships: Memberships
  readonly warm: WarmRooms
  readonly recent: Recent
}

/** Before and after everything, in topological order. */
const FIRST: Topological = { depth: -1, pos: 0 }
const LAST: Topological = { depth: Number.MAX_SAFE_INTEGER, pos: Number.MAX_SAFE_INTEGER }

/** {@link LogReads}: named statements on the read connections, and memory where it is current. */
export function createReads(deps: LogReadsDeps): LogReads {
  const { reader, decoder, heads, memberships, warm, recent } = deps

  const events = async (statement: Statement, values: unknown[]): Promise<StoredEvent[]> =>
    await decoder.events(await reader.query<EventRow>(statement, values))

  const entries = async (statement: Statement, values: unknown[]): Promise<EventEntry[]> => {
    const rows = await reader.query<RoomEntryRow>(statement, values)
    const found = await decoder.entries(rows)
    return found.map((entry, index) => {
      const pos = rows[index]?.log_pos ?? entry.pos
      return pos === entry.pos ? entry : { ...entry, pos }
    })
  }

  return {
    ...createRoomTails({ entries, warm }),

    async eventById(eventId) {
      return (await events(statements.EVENTS_BY_ID, [[eventId]]))[0]
    },

    async eventsById(eventIds) {
      const found = await events(statements.EVENTS_BY_ID, [eventIds])
      return new Map(found.map((event) => [event.eventId, event]))
    },

    async eventsByPos(positions) {
      const found = await events(statements.EVENTS_BY_POS, [positions])
      return new Map(found.map((event) => [event.pos, event]))
    },

    async page(room, options) {
      const back = options.dir === 'b'
      const from = options.from ?? (back ? LAST : FIRST)
      const to = options.to ?? (back ? FIRST : LAST)
      const statement = back ? statements.PAGE_BACK : statements.PAGE_FORWARD
      const bounds = [from.depth, from.pos, to.depth, to.pos]
      return await events(statement, [room, ...bounds, options.limit])
    },

    roomHead: (room) => heads.peek(room)?.lastPos,

    async loadRoomHeads(rooms) {
      await heads.getMany(rooms)
    },

    membershipsOf: (user) => memberships.of(user),

    async members(room, wanted) {
      const rows = await reader.query<MemberRow>(statements.MEMBERS, [room, wanted])
      return rows.map(memberOf)
    },

    memberCounts: (room) => memberships.counts(room),
    memberCountsOf: (rooms) => memberships.countsOf(rooms),

    async receiptsIn(rooms, range) {
      const inMemory = recent.receipts(rooms, range)
      if (inMemory !== undefined) return inMemory
      const values = [rooms, range.after, range.upTo]
      const rows = await reader.query<ReceiptRow>(statements.RECEIPTS_IN, values)
      return rows.map(receiptOf)
    },

    async accountDataOf(user, range) {
      const inMemory = recent.accountData(user, range)
      if (inMemory !== undefined) return inMemory
      const values = [user, range.after, range.upTo]
      const rows = await reader.query<AccountDataRow>(statements.ACCOUNT_DATA_OF, values)
      return rows.map((row) => accountDataOf(user, row))
    },

    async accountData(user, room, type) {
      const values = [user, room ?? 0, type]
      const rows = await reader.query<AccountDataRow>(statements.ACCOUNT_DATA, values)
      return rows.map((row) => accountDataOf(user, row))[0]
    },
  }
}
