import { createHash } from 'node:crypto'
import { createLogger } from '#platform/logger.ts'
import { parseEventId, parseRoomId, parseServerName, parseUserId } from '#matrix/ids.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { openLog, type LogOptions, type OpenLog } from '../index.ts'
import type { EventItem, EventRef, RoomItem, RoomKey, UserInfo } from '../types.ts'

const SERVER_NAME = parseServerName('test.example')

/** A worker's log over a test database. */
export async function testLog(url: string, options: Partial<LogOptions> = {}): Promise<OpenLog> {
  const logger = createLogger('silent')
  return await openLog({ url, serverName: SERVER_NAME, clock, rng, logger, readers: 2, ...options })
}

let counter = 0

/** A new id's 43 characters. */
function hash(): string {
  return createHash('sha256').update(`${process.pid} ${counter++}`).digest('base64url')
}

export function newRef(depth: number): EventRef {
  return { eventId: parseEventId(`$${hash()}`), depth, pos: undefined }
}

export async function testUser(log: OpenLog, localpart: string): Promise<UserInfo> {
  return await log.dictionary.user(parseUserId(`@${localpart}:${SERVER_NAME}`))
}

type Draft = Partial<EventItem> & { readonly content?: object; readonly padding?: number }

/** An event as a sender would hand it in; the log does not look into signatures. */
export function eventItem(room: RoomKey, sender: UserInfo, draft: Draft): EventItem {
  const { content = { body: 'hi', msgtype: 'm.text' }, padding = 0, ...item } = draft
  const contentJson = JSON.stringify(content)
  const before = '{"auth_events":[],"content":'
  const type = item.type ?? 'm.room.message'
  const after = `,"hashes":"${'x'.repeat(padding)}","type":${JSON.stringify(type)}}`
  return {
    kind: 'event',
    room,
    ref: newRef(1),
    type,
    stateKey: undefined,
    sender: sender.key,
    senderId: sender.userId,
    ts: 1_700_000_000_000,
    prev: [],
    auth: [],
    stateVersion: undefined,
    flags: 0,
    json: before + contentJson + after,
    contentAt: before.length,
    contentEnd: before.length + contentJson.length,
    membership: undefined,
    redacts: undefined,
    thread: undefined,
    highlights: [],
    txn: undefined,
    ...item,
  }
}

/** A room and what a sender must know of it to add to it. */
export interface TestRoom {
  readonly key: RoomKey
  readonly create: EventRef
  /** The last event: parent of the next. */
  last: EventRef
  stateVersion: number
}

/** A group that makes a room: create event, membership of the creator, a name. */
export function roomGroup(key: RoomKey, creator: UserInfo) {
  const roomId = parseRoomId(`!${hash()}`)
  const [create, join, name] = [newRef(1), newRef(2), newRef(3)]
  const item: RoomItem = { kind: 'room', room: key, roomId, version: '12' }
  const group = [
    item,
    eventItem(key, creator, { ref: create, type: 'm.room.create', stateKey: '', content: {} }),
    eventItem(key, creator, {
      ...memberDraft(creator, 'join'),
      ref: join,
      prev: [create],
      auth: [],
    }),
    eventItem(key, creator, {
      ref: name,
      type: 'm.room.name',
      stateKey: '',
      content: { name: 'Room' },
      prev: [join],
      auth: [join],
    }),
  ]
  const room: TestRoom = { key, create, last: name, stateVersion: 3 }
  return { group, room, roomId }
}

export function memberDraft(user: UserInfo, membership: string) {
  return {
    type: 'm.room.member',
    stateKey: user.userId,
    content: { membership },
    membership: { user: user.key, membership },
  }
}

/** Makes a room through a log. */
export async function makeRoom(log: OpenLog, creator: UserInfo): Promise<TestRoom> {
  const { group, room } = roomGroup(await log.dictionary.reserveRoom(), creator)
  const { outcome } = await log.log.append(group)
  if (outcome !== 'ok') throw new Error(`room not made: ${outcome}`)
  return room
}

/** The next event of a room, on top of the last; the room's `last` moves on at once. */
export function next(room: TestRoom, sender: UserInfo, draft: Draft = {}): EventItem {
  const ref = newRef(room.last.depth + 1)
  const { stateVersion } = room
  const item = eventItem(room.key, sender, { ref, prev: [room.last], stateVersion, ...draft })
  room.last = item.ref
  if (item.stateKey !== undefined) room.stateVersion++
  return item
}
