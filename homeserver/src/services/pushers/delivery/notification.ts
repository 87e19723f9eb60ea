import type { Dictionary, StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { PushResult } from '#matrix/push-rules/evaluate.ts'
import { tweaksOf } from '#matrix/push-rules/tweaks.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { UserRef } from '#services/push-rules/index.ts'
import { contentJson } from '#services/timeline/index.ts'
import type { Pusher } from '../types.ts'

export interface NotificationDeps {
  readonly dictionary: Pick<Dictionary, 'roomByKey'>
  readonly roomStates: Pick<RoomStates, 'at' | 'pointBefore' | 'currentOf'>
}

/**
 * What a gateway is told of an event. With the format `event_id_only` that is little, as it is not
 * the user's own server.
 * https://spec.matrix.org/v1.19/push-gateway-api/#post_matrixpushv1notify
 */
export async function eventNotification(
  deps: NotificationDeps,
  pusher: Pusher,
  user: UserRef,
  { event, result }: { readonly event: StoredEvent; readonly result: PushResult },
  unread: number,
): Promise<JsonObject> {
  const room = await deps.dictionary.roomByKey(event.room)
  const tweaks = tweaksOf(result.actions)
  const common = {
    event_id: event.eventId,
    room_id: room.roomId,
    counts: countsOf(unread),
    prio: isUrgent(event, result) ? 'high' : 'low',
  }
  if (own(pusher.data, 'format') === 'event_id_only') {
    return { ...common, devices: [deviceOf(pusher)] }
  }
  return {
    ...common,
    ...(await details(deps, event)),
    type: event.type,
    sender: event.senderId,
    content: parseJson(contentJson(event, room.version)),
    ...(event.type === 'm.room.member' && { user_is_target: event.stateKey === user.userId }),
    devices: [{ ...deviceOf(pusher), tweaks }],
  }
}

/** Tells how much is unread, after something was read. */
export const badgeNotification = (pusher: Pusher, unread: number): JsonObject => ({
  counts: countsOf(unread),
  devices: [deviceOf(pusher)],
})

/** Counts of zero are left out. */
const countsOf = (unread: number): JsonObject => (unread === 0 ? {} : { unread })

/** An encrypted event may be anything. */
const isUrgent = (event: StoredEvent, { highlight, sound }: PushResult): boolean =>
  highlight || sound !== undefined || event.type === 'm.room.encrypted'

function deviceOf({ appId, pushkey, setTs, data }: Pusher): JsonObject {
  const forwarded = Object.entries(data).filter(([name]) => name !== 'url')
  return {
    app_id: appId,
    pushkey,
    pushkey_ts: Math.floor(setTs / 1000),
    data: Object.fromEntries(forwarded),
  }
}

async function details({ roomStates }: NotificationDeps, event: StoredEvent): Promise<JsonObject> {
  const stated = async (type: string, stateKey: string, name: string): Promise<JsonValue[]> => {
    const found = await roomStates.currentOf(event.room, type, stateKey)
    const value = found && own(found.roomEvent().content, name)
    return typeof value === 'string' && value !== '' ? [value] : []
  }
  const [[sender], [name], [alias]] = await Promise.all([
    stated('m.room.member', event.senderId, 'displayname'),
    stated('m.room.name', '', 'name'),
    stated('m.room.canonical_alias', '', 'alias'),
  ])
  return {
    ...(sender !== undefined && { sender_display_name: sender }),
    ...(name !== undefined && { room_name: name }),
    ...(alias !== undefined && { room_alias: alias }),
  }
}
