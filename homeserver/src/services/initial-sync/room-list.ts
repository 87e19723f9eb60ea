import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isRoomId, type RoomId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Directory } from '#services/directory/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import type { Timeline } from '#services/timeline/index.ts'

export interface RoomListDeps {
  readonly timeline: Pick<Timeline, 'serializeEvents'>
  readonly directory: Pick<Directory, 'publishedAmong'>
  readonly dictionary: Pick<Dictionary, 'roomsById'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly roomStates: Pick<RoomStates, 'currentOfMany'>
}

/** A first answer of `/sync`, told in the words of `/initialSync`. */
export async function everyRoom(
  requester: Requester,
  answer: string,
  deps: RoomListDeps,
): Promise<string> {
  const parsed = parseJson(answer)
  const sync = isJsonObject(parsed) ? parsed : {}
  const sections = objectIn(sync, 'rooms')
  const end = own(sync, 'next_batch')
  const present = [...roomsIn(sections, 'join'), ...roomsIn(sections, 'leave')]
  const invited = roomsIn(sections, 'invite').map(([roomId]) => roomId)
  const ids = [...present.map(([roomId]) => roomId), ...invited]
  const [infos, listed, rows] = await Promise.all([
    deps.dictionary.roomsById(ids),
    deps.directory.publishedAmong(ids),
    deps.reads.membershipsOf(requester.user),
  ])
  const invites = await inviteEvents(requester, invited, infos, deps)
  const headOf = (roomId: RoomId) => {
    const key = infos.get(roomId)?.key
    const membership = key === undefined ? undefined : rows.get(key)?.membership
    return { room_id: roomId, membership, visibility: listed.has(roomId) ? 'public' : 'private' }
  }
  const rooms = [
    ...present.map(([roomId, section]) =>
      JSON.stringify({ ...headOf(roomId), ...contentOf(roomId, section, end) }),
    ),
    ...invited.map((roomId) => {
      const invite = invites.get(roomId)
      const head = JSON.stringify(headOf(roomId))
      return invite === undefined ? head : `${head.slice(0, -1)},"invite":${invite}}`
    }),
  ]
  const rest = {
    end,
    presence: eventsIn(sync, 'presence'),
    account_data: eventsIn(sync, 'account_data'),
  }
  return `${JSON.stringify(rest).slice(0, -1)},"rooms":[${rooms.join(',')}]}`
}

function contentOf(roomId: RoomId, section: JsonObject, end: unknown) {
  const start = own(objectIn(section, 'timeline'), 'prev_batch')
  return {
    messages: {
      ...(start !== undefined && { start }),
      end,
      chunk: inRoom(roomId, eventsIn(section, 'timeline')),
    },
    state: inRoom(roomId, eventsIn(section, 'state_after')),
    account_data: eventsIn(section, 'account_data'),
  }
}

/** The member events that invite the user, as JSON texts. */
async function inviteEvents(
  requester: Requester,
  invited: readonly RoomId[],
  infos: ReadonlyMap<RoomId, RoomInfo>,
  { roomStates, timeline }: RoomListDeps,
): Promise<Map<RoomId, string>> {
  const rooms = invited.flatMap((roomId) => infos.get(roomId) ?? [])
  if (rooms.length === 0) return new Map()
  const wanted = [{ type: 'm.room.member', stateKey: requester.userId }]
  const states = await roomStates.currentOfMany(
    rooms.map(({ key }) => key),
    wanted,
  )
  const found = rooms.flatMap(({ key, roomId }) => {
    const event = states.get(key)?.[0]
    return event === undefined ? [] : [{ roomId, event }]
  })
  const texts = await timeline.serializeEvents(
    found.map(({ event }) => event),
    requester,
    { roomId: true, membership: false, prevContent: false },
  )
  return new Map(found.map(({ roomId }, index) => [roomId, texts[index] ?? '{}']))
}

function objectIn(parent: JsonObject, name: string): JsonObject {
  const value = own(parent, name)
  return isJsonObject(value) ? value : {}
}

function eventsIn(parent: JsonObject, name: string): readonly unknown[] {
  const events = own(objectIn(parent, name), 'events')
  return Array.isArray(events) ? events : []
}

function roomsIn(sections: JsonObject, name: string): [RoomId, JsonObject][] {
  return Object.entries(objectIn(sections, name)).flatMap(([roomId, section]) =>
    isRoomId(roomId) && isJsonObject(section) ? [[roomId, section]] : [],
  )
}

const inRoom = (roomId: RoomId, events: readonly unknown[]): unknown[] =>
  events.map((event) => (isJsonObject(event) ? { ...event, room_id: roomId } : event))
