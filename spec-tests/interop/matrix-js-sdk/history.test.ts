import { Direction, type MatrixEvent, TimelineWindow } from 'matrix-js-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpClient } from '../../target/matrix-client.ts'
import { type TargetServer, targetServer } from '../../target/target.ts'
import { register, type User } from '../../target/user.ts'
import { Device } from './device.ts'
import { until } from './until.ts'

const MESSAGES = 230

describe('a long room with the SDK', () => {
  let target: TargetServer
  let http: HttpClient
  let carol: User
  let reader: Device
  let roomId: string

  beforeAll(async () => {
    target = await targetServer()
    http = new HttpClient(target.url)
    carol = await register(http, 'carol')
    roomId = await carol.createRoom({ preset: 'public_chat', name: 'Archive' })
    for (let n = 1; n <= MESSAGES; n += 1) await carol.sendText(roomId, `Entry ${n}`)
    const readers = Array.from({ length: 6 }, (_, n) => register(http, `reader${n}`))
    for (const user of await Promise.all(readers)) await user.join(roomId)
    reader = await Device.signIn(target.url, 'reader0')
    await reader.start()
  })

  afterAll(async () => {
    await reader?.[Symbol.asyncDispose]()
    http?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('paginating backwards reaches the creation, each event once and in order', async () => {
    const room = await reader.room(roomId)
    const live = room.getLiveTimeline()
    expect(live.getEvents().length).toBeLessThanOrEqual(20)
    let pages = 0
    while (await reader.client.paginateEventTimeline(live, { backwards: true, limit: 50 })) {
      pages += 1
      expect(pages).toBeLessThan(20)
    }
    const events = live.getEvents()
    expect(events[0]?.getType()).toBe('m.room.create')
    expect(live.getPaginationToken(Direction.Backward)).toBeNull()
    expect(new Set(events.map((event) => event.getId())).size).toBe(events.length)
    const numbers = events.flatMap(entryNumber)
    expect(numbers).toEqual(Array.from({ length: MESSAGES }, (_, n) => n + 1))
  })

  test('only members whose events are shown come with sync; all come when asked', async () => {
    const other = await Device.signIn(target.url, 'reader1')
    await other.start({ initialSyncLimit: 1 })
    const room = await other.room(roomId)
    expect(room.getJoinedMemberCount()).toBe(7)
    expect(room.getMembers().length).toBeLessThan(7)
    await room.loadMembersIfNeeded()
    expect(room.getJoinedMembers().map(({ userId }) => userId)).toHaveLength(7)
    await other[Symbol.asyncDispose]()
  })

  test('a gap is filled by paginating from the point where sync stopped', async () => {
    const before = (await reader.room(roomId)).getLiveTimeline().getEvents().at(-1)?.getId()
    const offline = reader.reopen()
    for (let n = 1; n <= 60; n += 1) await carol.sendText(roomId, `Entry ${MESSAGES + n}`)
    await offline.start()
    const room = await offline.room(roomId)
    await until('the last entry', () =>
      room
        .getLiveTimeline()
        .getEvents()
        .some(isEntry(MESSAGES + 60)),
    )
    const window = new TimelineWindow(offline.client, room.getUnfilteredTimelineSet())
    await window.load(undefined, 20)
    while (!window.getEvents().some((event) => event.getId() === before)) {
      expect(await window.paginate(Direction.Backward, 20)).toBe(true)
    }
    const events = window.getEvents()
    const tail = events.slice(events.findIndex((event) => event.getId() === before) + 1)
    expect(tail.flatMap(entryNumber)).toEqual(
      Array.from({ length: 60 }, (_, n) => MESSAGES + n + 1),
    )
    reader = offline
  })
})

function entryNumber(event: MatrixEvent): number[] {
  const match = /^Entry (\d+)$/.exec(String(event.getContent()['body']))
  return match === null ? [] : [Number(match[1])]
}

function isEntry(n: number): (event: MatrixEvent) => boolean {
  return (event) => event.getContent()['body'] === `Entry ${n}`
}
