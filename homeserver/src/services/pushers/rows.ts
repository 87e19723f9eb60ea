import { asDeviceKey, asUserKey } from '#log/keys.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { Pusher } from './types.ts'

export interface PusherRow {
  readonly id: number
  readonly user_key: number
  readonly device_key: number
  readonly app_id: string
  readonly pushkey: string
  readonly app_display_name: string
  readonly device_display_name: string
  readonly profile_tag: string | null
  readonly lang: string
  readonly url: string
  readonly data: string
  readonly set_ts: number
  readonly told_to: number
  readonly told_unread: number
  readonly failures: number
}

export function pusherOf(row: PusherRow): Pusher {
  const data = parseJson(row.data)
  return {
    id: row.id,
    user: asUserKey(row.user_key),
    device: asDeviceKey(row.device_key),
    appId: row.app_id,
    pushkey: row.pushkey,
    appDisplayName: row.app_display_name,
    deviceDisplayName: row.device_display_name,
    profileTag: row.profile_tag ?? undefined,
    lang: row.lang,
    url: row.url,
    data: isJsonObject(data) ? data : {},
    setTs: row.set_ts,
    toldTo: row.told_to,
    toldUnread: row.told_unread,
    failures: row.failures,
  }
}
