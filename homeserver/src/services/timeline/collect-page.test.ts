import { describe, expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { StoredEvent } from '#log/types.ts'
import { parseEventId, parseUserId } from '#matrix/ids.ts'
import { collectPage, type PageSource } from './collect-page.ts'
import { comparePlaces, type PagePlace } from './page-place.ts'

const event = (pos: number): StoredEvent => ({
  pos,
  room: asRoomKey(1),
  eventId: parseEventId(`$${String(pos).padStart(43, '0')}`),
  type: 'm.x',
  stateKey: undefined,
  sender: asUserKey(1),
  senderId: parseUserId('@a:b'),
  depth: pos,
  ts: pos,
  flags: 0,
  point: undefined,
  notifySeq: 0,
  thread: undefined,
  redactedBy: undefined,
  json: '{}',
  contentAt: 0,
  contentEnd: 2,
})

/** A room of `count` events; only some of them are shown. */
function source(
  count: number,
  dir: 'b' | 'f',
  isShown: (pos: number) => boolean,
): PageSource & { reads: number } {
  const all = Array.from({ length: count }, (_, index) => event(index + 1))
  const ordered = dir === 'b' ? all.toReversed() : all
  const isAfter = (one: StoredEvent, place: PagePlace | undefined) =>
    place === undefined || (dir === 'b' ? comparePlaces(one, place) < 0 : one.pos >= place.pos)
  return {
    reads: 0,
    read(place, limit) {
      this.reads += 1
      return Promise.resolve(ordered.filter((one) => isAfter(one, place)).slice(0, limit))
    },
    shown: (events) => Promise.resolve(new Set(events.filter(({ pos }) => isShown(pos)))),
    isPastEnd: () => false,
  }
}

async function pagesOf(from: PageSource, dir: 'b' | 'f', limit: number): Promise<number[][]> {
  const pages: number[][] = []
  let next: PagePlace | undefined
  for (let page = 0; page < 100; page++) {
    const found = await collectPage(from, next, { dir, limit, sparse: false })
    pages.push(found.events.map(({ pos }) => pos))
    next = found.next
    if (next === undefined) return pages
  }
  throw new Error('The pages do not end.')
}

describe.each(['b', 'f'] as const)('pages in direction %s', (dir) => {
  test('have every event that is shown, once and in order', async () => {
    const shown = (pos: number) => pos % 3 === 0
    const expected = Array.from({ length: 20 }, (_, index) => 3 * (index + 1))
    for (const limit of [1, 7, 20, 50]) {
      const pages = await pagesOf(source(61, dir, shown), dir, limit)
      expect(pages.flat()).toEqual(dir === 'b' ? expected.toReversed() : expected)
    }
  })

  test('are not ended by an empty one, however much is hidden', async () => {
    const last = dir === 'b' ? 1 : 2500
    const from = source(2500, dir, (pos) => pos === last)
    const pages = await pagesOf(from, dir, 5)
    expect(pages.length).toBeGreaterThan(1)
    expect(pages[0]).toEqual([])
    expect(pages.flat()).toEqual([last])
  })

  test('of no events at all tell where they begin, and read nothing', async () => {
    const from = source(9, dir, () => true)
    const place = { depth: 4, pos: 4 }
    const page = await collectPage(from, place, { dir, limit: 0, sparse: false })
    expect(page).toMatchObject({ events: [], reached: place })
    expect(from.reads).toBe(0)
  })
})
