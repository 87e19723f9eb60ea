import { parseEventId } from '#matrix/ids.ts'
import { asRoomKey, asUserKey } from '../keys.ts'
import type { AccountDataEntry, MembershipRow, ReceiptEntry, UserKey } from '../types.ts'

export interface ReceiptRow {
  readonly pos: number
  readonly room: number
  readonly user_key: number
  readonly type: string
  readonly thread: string
  readonly ev: number
  readonly ts: number
  readonly event_id: string
}

export function receiptOf(row: ReceiptRow): ReceiptEntry {
  return {
    kind: 'receipt',
    pos: row.pos,
    room: asRoomKey(row.room),
    user: asUserKey(row.user_key),
    type: row.type,
    threadId: row.thread || undefined,
    eventId: parseEventId(row.event_id),
    eventPos: row.ev,
    ts: row.ts,
  }
}

export interface AccountDataRow {
  readonly pos: number
  readonly room: number
  readonly type: string
  readonly content: string
}

export function accountDataOf(user: UserKey, row: AccountDataRow): AccountDataEntry {
  const room = row.room === 0 ? undefined : asRoomKey(row.room)
  return { kind: 'account_data', pos: row.pos, user, room, type: row.type, content: row.content }
}

export interface MemberRow {
  readonly room: number
  readonly user_key: number
  readonly membership: string
  readonly pos: number
  readonly forgotten: boolean
}

export function memberOf(row: MemberRow): MembershipRow {
  const { membership, pos, forgotten } = row
  return { room: asRoomKey(row.room), user: asUserKey(row.user_key), membership, pos, forgotten }
}
